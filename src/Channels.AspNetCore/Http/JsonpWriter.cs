using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Channels.AspNetCore.Http;

/// <summary>Answers as a script that calls a function of the page. Only for front ends whose option turns it on, and never with ambient identity.</summary>
internal static class JsonpWriter
{
    /// <summary>Longest callback name, in characters.</summary>
    public const int MaxCallbackLength = 128;

    private const byte FirstByteOfSeparators = 0xE2;

    private static readonly SearchValues<char> FirstCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_$");

    private static readonly SearchValues<char> Characters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_$0123456789");

    /// <summary>Tells whether a text is a callback name: identifiers of ASCII joined by dots, each perhaps followed by digits in brackets.</summary>
    /// <param name="name">What the client sent.</param>
    public static bool IsCallback(string? name)
    {
        if (name is not { Length: > 0 and <= MaxCallbackLength })
        {
            return false;
        }

        foreach (var segment in name.AsSpan().Split('.'))
        {
            if (!IsSegment(name.AsSpan(segment)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Writes the whole answer. The comment in front keeps the body from being taken for anything but a script.</summary>
    /// <param name="http">The request.</param>
    /// <param name="callback">A name that <see cref="IsCallback"/> accepts.</param>
    /// <param name="json">The one argument, UTF-8 JSON.</param>
    public static async ValueTask WriteAsync(HttpContext http, string callback, ReadOnlyMemory<byte> json)
    {
        var body = Encode(callback, json.Span);
        var response = http.Response;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "application/javascript";
        response.Headers.XContentTypeOptions = "nosniff";
        response.ContentLength = body.Length;
        await response.BodyWriter.WriteAsync(body, http.RequestAborted);
    }

    /// <summary>Makes the body: <c>/**/name(json);</c> with U+2028 and U+2029 escaped, which end a line in older scripts.</summary>
    public static ReadOnlyMemory<byte> Encode(string callback, ReadOnlySpan<byte> json)
    {
        if (!IsCallback(callback))
        {
            throw new ArgumentException("Not a callback name.", nameof(callback));
        }

        var body = new ArrayBufferWriter<byte>(json.Length + callback.Length + 16);
        body.Write("/**/"u8);
        Encoding.ASCII.GetBytes(callback, body);
        body.Write("("u8);
        WriteEscaped(body, json);
        body.Write(");"u8);
        return body.WrittenMemory;
    }

    private static bool IsSegment(ReadOnlySpan<char> segment)
    {
        var bracket = segment.IndexOf('[');
        var identifier = bracket < 0 ? segment : segment[..bracket];
        if (identifier.IsEmpty || !FirstCharacters.Contains(identifier[0]) || identifier.ContainsAnyExcept(Characters))
        {
            return false;
        }

        return bracket < 0 || AreIndexes(segment[bracket..]);
    }

    private static bool AreIndexes(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            var end = text.IndexOf(']');
            if (text[0] != '[' || end < 2 || text[1..end].ContainsAnyExceptInRange('0', '9'))
            {
                return false;
            }

            text = text[(end + 1)..];
        }

        return true;
    }

    private static void WriteEscaped(ArrayBufferWriter<byte> body, ReadOnlySpan<byte> json)
    {
        while (json.IndexOf(FirstByteOfSeparators) is >= 0 and var at)
        {
            body.Write(json[..at]);
            json = json[at..];
            var escape = json.StartsWith("\u2028"u8) ? "\\u2028"u8 : json.StartsWith("\u2029"u8) ? "\\u2029"u8 : default;
            body.Write(escape.IsEmpty ? json[..1] : escape);
            json = json[(escape.IsEmpty ? 1 : 3)..];
        }

        body.Write(json);
    }
}
