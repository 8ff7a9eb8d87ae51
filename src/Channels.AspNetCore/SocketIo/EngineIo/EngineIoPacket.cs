namespace Channels.AspNetCore.SocketIo.EngineIo;

/// <summary>A packet that a client sent.</summary>
/// <param name="Type">What it is.</param>
/// <param name="Data">UTF-8 text, or bytes.</param>
/// <param name="IsBinary">Whether it is bytes.</param>
internal readonly record struct EngineIoPacket(EngineIoPacketType Type, ReadOnlyMemory<byte> Data, bool IsBinary = false);
