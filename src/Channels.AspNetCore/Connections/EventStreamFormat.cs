using System.Buffers;
using System.Buffers.Text;

namespace Channels.AspNetCore.Connections;

/// <summary>Encodes blocks of a <c>text/event-stream</c>.</summary>
/// <remarks>Source: the HTML standard, section "Server-sent events".</remarks>
internal static class EventStreamFormat
{
    private const int LongestNumber = 20;

    /// <summary>A comment, which keeps proxies and clients from giving up.</summary>
    public static ReadOnlySpan<byte> Heartbeat => ":\n\n"u8;

    /// <summary>Encodes one event.</summary>
    /// <param name="name">Event name without line breaks; empty for the default, <c>message</c>.</param>
    /// <param name="id">Becomes the client's last event id.</param>
    /// <param name="data">UTF-8 text; each of its lines gets a line of its own.</param>
    public static byte[] Event(ReadOnlySpan<byte> name, long? id, ReadOnlySpan<byte> data)
    {
        Span<byte> digits = stackalloc byte[LongestNumber];
        return Encode(name, Spell(id, digits), data);
    }

    /// <summary>Encodes one event of the default name whose id is no number.</summary>
    /// <param name="id">Becomes the client's last event id; without line breaks.</param>
    /// <param name="data">UTF-8 text; each of its lines gets a line of its own.</param>
    public static byte[] EventWithTextId(ReadOnlySpan<byte> id, ReadOnlySpan<byte> data) => Encode(default, id, data);

    /// <summary>Encodes the opening block: when to come back, and the position that a reconnect resumes from.</summary>
    /// <param name="retry">How long to wait before reconnecting.</param>
    /// <param name="id">Position, if it is to be set without an event.</param>
    public static byte[] Opening(TimeSpan retry, long? id = null)
    {
        Span<byte> digits = stackalloc byte[LongestNumber];
        return Opening(retry, Spell(id, digits));
    }

    /// <summary>Encodes the opening block: when to come back, and the position that a reconnect resumes from.</summary>
    /// <param name="retry">How long to wait before reconnecting.</param>
    /// <param name="id">Position, without line breaks; empty when none is to be set.</param>
    public static byte[] Opening(TimeSpan retry, ReadOnlySpan<byte> id)
    {
        Span<byte> digits = stackalloc byte[LongestNumber];
        var block = new ArrayBufferWriter<byte>(64);
        block.Field("retry: "u8, Spell((long)retry.TotalMilliseconds, digits));
        block.Field("id: "u8, id);
        block.Write("\n"u8);
        return block.WrittenSpan.ToArray();
    }

    private static byte[] Encode(ReadOnlySpan<byte> name, ReadOnlySpan<byte> id, ReadOnlySpan<byte> data)
    {
        var block = new ArrayBufferWriter<byte>(data.Length + name.Length + 48);
        block.Field("event: "u8, name);
        block.Field("id: "u8, id);
        block.Data(data);
        block.Write("\n"u8);
        return block.WrittenSpan.ToArray();
    }

    private static void Data(this ArrayBufferWriter<byte> block, ReadOnlySpan<byte> data)
    {
        while (data.IndexOfAny((byte)'\r', (byte)'\n') is >= 0 and var end)
        {
            block.Line("data: "u8, data[..end]);
            data = data[(data[end..].StartsWith("\r\n"u8) ? end + 2 : end + 1)..];
        }

        block.Line("data: "u8, data);
    }

    private static void Line(this ArrayBufferWriter<byte> block, ReadOnlySpan<byte> field, ReadOnlySpan<byte> value)
    {
        block.Write(field);
        block.Write(value);
        block.Write("\n"u8);
    }

    private static void Field(this ArrayBufferWriter<byte> block, ReadOnlySpan<byte> field, ReadOnlySpan<byte> value)
    {
        if (!value.IsEmpty)
        {
            block.Line(field, value);
        }
    }

    private static ReadOnlySpan<byte> Spell(long? value, Span<byte> digits) =>
        value is { } number && Utf8Formatter.TryFormat(number, digits, out var length) ? digits[..length] : default;
}
