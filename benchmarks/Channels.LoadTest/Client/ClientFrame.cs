namespace Channels.LoadTest.Client;

/// <summary>Frames from a client, which have to be masked.</summary>
internal static class ClientFrame
{
    private const int Final = 0x80;
    private const int Masked = 0x80;
    private const int MaxShortLength = 125;

    /// <summary>A whole text message of at most 125 bytes.</summary>
    public static byte[] Text(ReadOnlySpan<byte> text) => Make(FrameReader.Opcode.Text, text);

    /// <summary>The answer to a ping.</summary>
    public static byte[] Pong(ReadOnlySpan<byte> content) => Make(FrameReader.Opcode.Pong, content);

    /// <summary>The mask is zero, which leaves the content as it is.</summary>
    private static byte[] Make(FrameReader.Opcode opcode, ReadOnlySpan<byte> content)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(content.Length, MaxShortLength);
        return [(byte)(Final | (int)opcode), (byte)(Masked | content.Length), 0, 0, 0, 0, .. content];
    }
}
