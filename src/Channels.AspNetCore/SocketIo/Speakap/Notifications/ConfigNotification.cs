namespace Channels.AspNetCore.SocketIo.Speakap;

/// <summary>Something that concerns all clients.</summary>
/// <param name="Type"><c>servers_busy</c> or <c>servers_normal</c>.</param>
internal sealed record ConfigNotification(string Type);
