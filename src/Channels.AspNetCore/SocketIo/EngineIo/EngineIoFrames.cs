using System.Buffers.Text;
using Channels.AspNetCore.Connections;

namespace Channels.AspNetCore.SocketIo.EngineIo;

/// <summary>
/// Packets to clients as frames of a WebSocket; a payload of polling takes their content. So what waits in a session goes by whatever
/// transport it has by then.
/// </summary>
internal static class EngineIoFrames
{
    public static Frame Close { get; } = Packet(EngineIoPacketType.Close, default);

    public static Frame Noop { get; } = Packet(EngineIoPacketType.Noop, default);

    public static Frame Ping { get; } = Packet(EngineIoPacketType.Ping, default);

    public static Frame Packet(EngineIoPacketType type, ReadOnlySpan<byte> text)
    {
        var packet = new byte[1 + text.Length];
        packet[0] = (byte)('0' + (int)type);
        text.CopyTo(packet.AsSpan(1));
        return WebSocketFraming.Text(packet);
    }

    /// <summary>Makes the frame of a binary message.</summary>
    /// <param name="data">The bytes.</param>
    /// <param name="revision">Revision that the client speaks.</param>
    /// <param name="base64">Whether the client takes no binary at all; only in revision 3.</param>
    public static Frame Binary(ReadOnlySpan<byte> data, EngineIoRevision revision, bool base64)
    {
        if (revision == EngineIoRevision.V4)
        {
            return WebSocketFraming.Binary(data);
        }

        if (base64)
        {
            return WebSocketFraming.Text(Base64Packet("b4"u8, data));
        }

        var packet = new byte[1 + data.Length];
        packet[0] = (byte)EngineIoPacketType.Message;
        data.CopyTo(packet.AsSpan(1));
        return WebSocketFraming.Binary(packet);
    }

    /// <summary>Spells bytes as text behind a mark.</summary>
    public static byte[] Base64Packet(ReadOnlySpan<byte> mark, ReadOnlySpan<byte> data)
    {
        var packet = new byte[mark.Length + Base64.GetMaxEncodedToUtf8Length(data.Length)];
        mark.CopyTo(packet);
        Base64.EncodeToUtf8(data, packet.AsSpan(mark.Length), out _, out _);
        return packet;
    }
}
