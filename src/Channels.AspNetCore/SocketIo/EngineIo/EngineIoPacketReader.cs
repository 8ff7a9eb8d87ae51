using System.Buffers.Text;

namespace Channels.AspNetCore.SocketIo.EngineIo;

/// <summary>Reads single packets, as WebSockets and payloads have them. Source: docs/protocols/socketio.md#packets</summary>
internal static class EngineIoPacketReader
{
    private const byte Base64Mark = (byte)'b';

    /// <summary>Reads a text packet: a digit and text, or <c>b</c> and bytes in Base64.</summary>
    public static bool TryReadText(ReadOnlyMemory<byte> text, EngineIoRevision revision, out EngineIoPacket packet)
    {
        packet = default;
        if (text.IsEmpty)
        {
            return false;
        }

        if (text.Span[0] == Base64Mark)
        {
            return TryReadBase64(text[1..], revision, out packet);
        }

        if (!TryReadType(text.Span[0] - '0', out var type))
        {
            return false;
        }

        packet = new(type, text[1..]);
        return true;
    }

    /// <summary>Reads a binary packet. In revision 3 its first byte is the type; in revision 4 it is a message as a whole.</summary>
    public static bool TryReadBinary(ReadOnlyMemory<byte> bytes, EngineIoRevision revision, out EngineIoPacket packet)
    {
        packet = new(EngineIoPacketType.Message, bytes, IsBinary: true);
        if (revision == EngineIoRevision.V4)
        {
            return true;
        }

        if (bytes.IsEmpty || !TryReadType(bytes.Span[0], out var type))
        {
            return false;
        }

        packet = new(type, bytes[1..], IsBinary: true);
        return true;
    }

    private static bool TryReadBase64(ReadOnlyMemory<byte> text, EngineIoRevision revision, out EngineIoPacket packet)
    {
        packet = default;
        var type = EngineIoPacketType.Message;
        if (revision == EngineIoRevision.V3)
        {
            if (text.IsEmpty || !TryReadType(text.Span[0] - '0', out type))
            {
                return false;
            }

            text = text[1..];
        }

        if (!Base64.IsValid(text.Span, out var length))
        {
            return false;
        }

        var bytes = new byte[length];
        Base64.DecodeFromUtf8(text.Span, bytes, out _, out _);
        packet = new(type, bytes, IsBinary: true);
        return true;
    }

    private static bool TryReadType(int number, out EngineIoPacketType type)
    {
        type = (EngineIoPacketType)number;
        return number is >= (int)EngineIoPacketType.Open and <= (int)EngineIoPacketType.Noop;
    }
}
