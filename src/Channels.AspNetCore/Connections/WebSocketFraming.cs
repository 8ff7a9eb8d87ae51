using System.Buffers.Binary;

namespace Channels.AspNetCore.Connections;

/// <summary>Frames of a server, which are not masked.</summary>
/// <remarks>Source: RFC 6455, section 5.2.</remarks>
internal static class WebSocketFraming
{
    private const byte FinalText = 0x81;
    private const byte FinalBinary = 0x82;
    private const int LargestShortLength = 125;
    private const byte LengthIn16Bits = 126;
    private const byte LengthIn64Bits = 127;

    /// <summary>Makes a whole text message of one frame.</summary>
    public static Frame Text(ReadOnlySpan<byte> content) => Make(FinalText, content);

    /// <summary>Makes a whole binary message of one frame.</summary>
    public static Frame Binary(ReadOnlySpan<byte> content) => Make(FinalBinary, content);

    /// <summary>Whether a frame with a header is a binary message.</summary>
    public static bool IsBinary(in Frame frame) => frame.HeaderBytes > 0 && frame.Bytes.Span[0] == FinalBinary;

    private static Frame Make(byte opening, ReadOnlySpan<byte> content)
    {
        var header = content.Length switch
        {
            <= LargestShortLength => 2,
            <= ushort.MaxValue => 4,
            _ => 10,
        };
        var bytes = new byte[header + content.Length];
        bytes[0] = opening;
        switch (header)
        {
            case 2:
                bytes[1] = (byte)content.Length;
                break;
            case 4:
                bytes[1] = LengthIn16Bits;
                BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), (ushort)content.Length);
                break;
            default:
                bytes[1] = LengthIn64Bits;
                BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(2), (ulong)content.Length);
                break;
        }

        content.CopyTo(bytes.AsSpan(header));
        return new(bytes, header);
    }
}
