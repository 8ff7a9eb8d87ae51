using System.Buffers;
using System.Globalization;
using System.Text.Unicode;
using Channels.AspNetCore.Connections;

namespace Channels.AspNetCore.SocketIo.EngineIo;

/// <summary>
/// A binary payload of revision 3: for each packet a byte that says text or binary, its length in decimal with a byte from 0 to 9 for each
/// digit, the byte 255, and the packet. Source: docs/protocols/socketio.md#payloads-of-revision-3
/// </summary>
internal static class EngineIoV3Binary
{
    private const byte TextMark = 0;
    private const byte BinaryMark = 1;
    private const byte EndOfLength = 255;
    private const int MaxLengthDigits = 10;

    public static ReadOnlyMemory<byte> Encode(ReadOnlySpan<Frame> frames)
    {
        var payload = new ArrayBufferWriter<byte>();
        foreach (var frame in frames)
        {
            var content = frame.Content.Span;
            payload.Write([WebSocketFraming.IsBinary(frame) ? BinaryMark : TextMark]);
            foreach (var digit in content.Length.ToString(CultureInfo.InvariantCulture))
            {
                payload.Write([(byte)(digit - '0')]);
            }

            payload.Write([EndOfLength]);
            payload.Write(content);
        }

        return payload.WrittenMemory;
    }

    /// <returns><see langword="null"/> when the payload is malformed.</returns>
    public static List<EngineIoPacket>? Decode(ReadOnlyMemory<byte> payload)
    {
        var packets = new List<EngineIoPacket>();
        while (!payload.IsEmpty)
        {
            var mark = payload.Span[0];
            if (mark > BinaryMark || !TryCut(ref payload, out var content) || !TryRead(mark == BinaryMark, content, out var packet))
            {
                return null;
            }

            packets.Add(packet);
        }

        return packets.Count == 0 ? null : packets;
    }

    private static bool TryRead(bool isBinary, ReadOnlyMemory<byte> content, out EngineIoPacket packet)
    {
        if (isBinary)
        {
            return EngineIoPacketReader.TryReadBinary(content, EngineIoRevision.V3, out packet);
        }

        packet = default;
        return Utf8.IsValid(content.Span) && EngineIoPacketReader.TryReadText(content, EngineIoRevision.V3, out packet);
    }

    private static bool TryCut(ref ReadOnlyMemory<byte> payload, out ReadOnlyMemory<byte> packet)
    {
        packet = default;
        var bytes = payload.Span[1..];
        var digits = bytes[..Math.Min(bytes.Length, MaxLengthDigits + 1)].IndexOf(EndOfLength);
        if (digits <= 0 || !TryReadLength(bytes[..digits], out var length) || length > bytes.Length - digits - 1)
        {
            return false;
        }

        packet = payload.Slice(digits + 2, (int)length);
        payload = payload[(digits + 2 + (int)length)..];
        return true;
    }

    private static bool TryReadLength(ReadOnlySpan<byte> digits, out long length)
    {
        length = 0;
        foreach (var digit in digits)
        {
            if (digit > 9)
            {
                return false;
            }

            length = (length * 10) + digit;
        }

        return true;
    }
}
