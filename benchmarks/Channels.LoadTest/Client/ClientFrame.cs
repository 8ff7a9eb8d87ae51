namespace Channels.LoadTest.Client;

/// <summary>Frames from a client, which have to be masked.</summary>
internal static class ClientFrame
{
    private const int Masked = 0x80;
    private const int MaxShortLength = 125;

    /// <summary>A whole text message of at most 125 bytes. The mask is zero, which leaves the text as it is.</summary>
    public static byte[] Text(ReadOnlySpan<byte> text)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(text.Length, MaxShortLength);
        return [Masked | (byte)FrameReader.Opcode.Text, (byte)(Masked | text.Length), 0, 0, 0, 0, .. text];
    }
}
