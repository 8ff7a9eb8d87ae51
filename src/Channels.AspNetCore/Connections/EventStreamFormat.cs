using System.Buffers;
using System.Buffers.Text;

namespace Channels.AspNetCore.Connections;

/// <summary>Encodes blocks of a <c>text/event-stream</c>.</summary>
/// <remarks>Source: the HTML standard, section "Server-sent events".</remarks>
internal static class EventStreamFormat
{
    /// <summary>A comment, which keeps proxies and clients from giving up.</summary>
    public static ReadOnlySpan<byte> Heartbeat => ":\n\n"u8;

    /// <summary>Encodes one event.</summary>
    /// <param name="name">Event name without line breaks; empty for the default, <c>message</c>.</param>
    /// <param name="id">Becomes the client's last event id.</param>
    /// <param name="data">UTF-8 text; each of its lines gets a line of its own.</param>
    public static byte[] Event(ReadOnlySpan<byte> name, long? id, ReadOnlySpan<byte> data)
    {
        var block = new ArrayBufferWriter<byte>(data.Length + name.Length + 48);
        if (!name.IsEmpty)
        {
            block.Line("event: "u8, name);
        }

        if (id is { } value)
        {
            block.Number("id: "u8, value);
        }

        block.Data(data);
        block.Write("\n"u8);
        return block.WrittenSpan.ToArray();
    }

    /// <summary>Encodes the opening block: when to come back, and the position that a reconnect resumes from.</summary>
    /// <param name="retry">How long to wait before reconnecting.</param>
    /// <param name="id">Position, if it is to be set without an event.</param>
    public static byte[] Opening(TimeSpan retry, long? id = null)
    {
        var block = new ArrayBufferWriter<byte>(64);
        block.Number("retry: "u8, (long)retry.TotalMilliseconds);
        if (id is { } value)
        {
            block.Number("id: "u8, value);
        }

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

    private static void Number(this ArrayBufferWriter<byte> block, ReadOnlySpan<byte> field, long value)
    {
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(value, digits, out var length);
        block.Line(field, digits[..length]);
    }
}
