using System.Buffers.Text;

namespace Channels.LoadTest;

/// <summary>
/// The payload that every server publishes: always 128 bytes of JSON, because its two numbers have a fixed number of digits.
/// </summary>
/// <param name="Seq">Place in its channel, raised by <see cref="FirstSeq"/>.</param>
/// <param name="At">When it was published in ticks of <see cref="System.Diagnostics.Stopwatch"/>, raised by <see cref="FirstAt"/>.</param>
/// <param name="Pad">Filling.</param>
internal sealed record LoadMessage(long Seq, long At, string Pad)
{
    public const int Bytes = 128;
    public const long FirstSeq = 1_000_000_000;
    public const long FirstAt = 1_000_000_000_000_000_000;

    public const int SeqDigits = 10;
    public const int AtDigits = 19;

    public static ReadOnlySpan<byte> SeqName => "{\"seq\":"u8;

    public static ReadOnlySpan<byte> AtName => ",\"at\":"u8;

    public static string Filling { get; } = new('x', Bytes - SeqName.Length - SeqDigits - AtName.Length - AtDigits - PadName.Length - 2);

    private static ReadOnlySpan<byte> PadName => ",\"pad\":\""u8;

    /// <summary>Below what it is made of.</summary>
    private static byte[] Template { get; } = Encode();

    /// <summary>A payload to be stamped.</summary>
    public static byte[] NewPayload() => [.. Template];

    /// <summary>Writes the numbers into a payload.</summary>
    /// <param name="payload">Where the payload starts.</param>
    /// <param name="sequence">Place in the channel, from 0.</param>
    /// <param name="timestamp">When it is published.</param>
    public static void Stamp(Span<byte> payload, long sequence, long timestamp)
    {
        Utf8Formatter.TryFormat(FirstSeq + sequence, payload[SeqName.Length..], out _);
        Utf8Formatter.TryFormat(FirstAt + timestamp, payload[(SeqName.Length + SeqDigits + AtName.Length)..], out _);
    }

    /// <summary>The same payload as an object, for servers that serialize.</summary>
    /// <param name="sequence">Place in the channel, from 0.</param>
    /// <param name="timestamp">When it is published.</param>
    public static LoadMessage Stamped(long sequence, long timestamp) => new(FirstSeq + sequence, FirstAt + timestamp, Filling);

    private static byte[] Encode() =>
        [.. SeqName, .. new byte[SeqDigits], .. AtName, .. new byte[AtDigits], .. PadName, .. System.Text.Encoding.ASCII.GetBytes(Filling), .. "\"}"u8];
}
