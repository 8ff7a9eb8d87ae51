using System.Buffers.Text;
using System.Text;

namespace Channels.LoadTest.Client;

/// <summary>As much of HTTP/1.1 as the answers of the servers here need.</summary>
internal static class HttpAnswer
{
    public static bool IsComplete(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return false;
        }

        var head = answer[..(end + 2)];
        var body = answer[(end + 4)..];
        return head.IndexOf("\r\nTransfer-Encoding: chunked\r\n"u8) >= 0
            ? body.EndsWith("0\r\n\r\n"u8)
            : body.Length >= ContentLength(head);
    }

    /// <summary>The body of a complete answer that has a length.</summary>
    public static ReadOnlyMemory<byte> Body(ReadOnlyMemory<byte> answer) => answer[(answer.Span.IndexOf("\r\n\r\n"u8) + 4)..];

    public static void RequireSuccess(ReadOnlySpan<byte> answer)
    {
        if (!answer.StartsWith("HTTP/1.1 2"u8))
        {
            throw new InvalidOperationException($"A request was refused: {Encoding.UTF8.GetString(answer)}");
        }
    }

    private static int ContentLength(ReadOnlySpan<byte> head)
    {
        var name = "\r\nContent-Length: "u8;
        var start = head.IndexOf(name);
        return start >= 0 && Utf8Parser.TryParse(head[(start + name.Length)..], out int length, out _) ? length : 0;
    }
}
