using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Channels.AspNetCore.Connections;

namespace Channels.AspNetCore.SocketIo.EngineIo;

/// <summary>A text payload of revision 3: packets behind their length in UTF-16 code units. Source: docs/protocols/socketio.md#payloads-of-revision-3</summary>
internal static class EngineIoV3Text
{
    private const int MaxLengthDigits = 10;

    public static ReadOnlyMemory<byte> Encode(ReadOnlySpan<Frame> frames)
    {
        var payload = new ArrayBufferWriter<byte>();
        Span<byte> length = stackalloc byte[MaxLengthDigits + 1];
        foreach (var frame in frames)
        {
            var content = WebSocketFraming.IsBinary(frame) ? EngineIoFrames.Base64Packet("b4"u8, frame.Content.Span[1..]) : frame.Content.Span;
            Encoding.UTF8.GetCharCount(content).TryFormat(length, out var digits, provider: CultureInfo.InvariantCulture);
            length[digits] = (byte)':';
            payload.Write(length[..(digits + 1)]);
            payload.Write(content);
        }

        return payload.WrittenMemory;
    }

    /// <returns><see langword="null"/> when the payload is malformed, or there is none.</returns>
    public static List<EngineIoPacket>? Decode(ReadOnlySpan<char> payload)
    {
        if (payload.IsEmpty)
        {
            return null;
        }

        var packets = new List<EngineIoPacket>();
        while (!payload.IsEmpty)
        {
            if (!TryCut(ref payload, out var text))
            {
                return null;
            }

            if (text.IsEmpty)
            {
                // An empty payload is spelled as one packet without anything in it.
                continue;
            }

            if (!TryEncode(text, out var utf8) || !EngineIoPacketReader.TryReadText(utf8, EngineIoRevision.V3, out var packet))
            {
                return null;
            }

            packets.Add(packet);
        }

        return packets;
    }

    private static bool TryCut(ref ReadOnlySpan<char> payload, out ReadOnlySpan<char> packet)
    {
        packet = default;
        var colon = payload[..Math.Min(payload.Length, MaxLengthDigits + 1)].IndexOf(':');
        if (colon <= 0
            || !int.TryParse(payload[..colon], NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            || length > payload.Length - colon - 1)
        {
            return false;
        }

        packet = payload.Slice(colon + 1, length);
        payload = payload[(colon + 1 + length)..];
        return true;
    }

    /// <summary>
    /// Clients 1.x write the bytes of UTF-8 as characters, which are then encoded again. Characters that are such bytes, and nothing else that
    /// is not ASCII, were meant like that.
    /// </summary>
    private static bool TryEncode(ReadOnlySpan<char> text, out ReadOnlyMemory<byte> utf8)
    {
        if (text.ContainsAnyExceptInRange('\0', '\x7F') && !text.ContainsAnyExceptInRange('\0', '\xFF'))
        {
            var bytes = new byte[text.Length];
            Encoding.Latin1.GetBytes(text, bytes);
            if (Utf8.IsValid(bytes))
            {
                utf8 = bytes;
                return true;
            }
        }

        var encoded = new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        var status = Utf8.FromUtf16(text, encoded, out _, out var length, replaceInvalidSequences: false);
        utf8 = encoded.AsMemory(0, length);
        return status == OperationStatus.Done;
    }
}
