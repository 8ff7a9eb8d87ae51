using System.Buffers;
using Channels.AspNetCore.Connections;

namespace Channels.AspNetCore.SocketIo.EngineIo;

/// <summary>A payload of revision 4: packets of text, separated by U+001E. Source: docs/protocols/socketio.md#payloads-of-revision-4</summary>
internal static class EngineIoPayload
{
    private const byte Separator = 0x1E;

    public static ReadOnlyMemory<byte> Encode(ReadOnlySpan<Frame> frames)
    {
        var payload = new ArrayBufferWriter<byte>();
        for (var i = 0; i < frames.Length; i++)
        {
            if (i > 0)
            {
                payload.Write([Separator]);
            }

            var content = frames[i].Content.Span;
            payload.Write(WebSocketFraming.IsBinary(frames[i]) ? EngineIoFrames.Base64Packet("b"u8, content) : content);
        }

        return payload.WrittenMemory;
    }

    /// <returns><see langword="null"/> when a packet is malformed.</returns>
    public static List<EngineIoPacket>? Decode(ReadOnlyMemory<byte> payload)
    {
        var packets = new List<EngineIoPacket>();
        while (true)
        {
            var end = payload.Span.IndexOf(Separator);
            if (!EngineIoPacketReader.TryReadText(end < 0 ? payload : payload[..end], EngineIoRevision.V4, out var packet))
            {
                return null;
            }

            packets.Add(packet);
            if (end < 0)
            {
                return packets;
            }

            payload = payload[(end + 1)..];
        }
    }
}
