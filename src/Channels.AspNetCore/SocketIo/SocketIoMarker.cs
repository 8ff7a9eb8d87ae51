namespace Channels.AspNetCore.SocketIo;

/// <summary>Says that <c>AddSocketIo</c> was called.</summary>
internal sealed class SocketIoMarker;
