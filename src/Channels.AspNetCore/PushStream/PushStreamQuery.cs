using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Channels.AspNetCore.PushStream;

/// <summary>The query parameters of this wire: names in any case, the first of a repeated one counts, unknown ones do not. Source: docs/protocols/pushstream.md#cursor</summary>
internal sealed record PushStreamQuery
{
    public string? Token { get; private set; }

    public string? Time { get; private set; }

    public string? Tag { get; private set; }

    public string? Callback { get; private set; }

    /// <summary>Reads the parameters without leaving a parsed copy with the request, which may wait for long.</summary>
    public static PushStreamQuery Of(HttpRequest request)
    {
        var query = new PushStreamQuery();
        foreach (var pair in new QueryStringEnumerable(request.QueryString.Value))
        {
            query.Take(pair);
        }

        return query;
    }

    /// <summary>What publishers and statistics are asked about.</summary>
    public static string? IdOf(HttpRequest request) => request.Query["id"] is [var first, ..] ? first : null;

    private void Take(QueryStringEnumerable.EncodedNameValuePair pair)
    {
        var name = pair.DecodeName().Span;
        if (Is(name, "auth_token"))
        {
            Token ??= Value(pair);
        }
        else if (Is(name, "time"))
        {
            Time ??= Value(pair);
        }
        else if (Is(name, "tag"))
        {
            Tag ??= Value(pair);
        }
        else if (Is(name, "callback"))
        {
            Callback ??= Value(pair);
        }
    }

    private static bool Is(ReadOnlySpan<char> name, string known) => name.Equals(known, StringComparison.OrdinalIgnoreCase);

    private static string Value(QueryStringEnumerable.EncodedNameValuePair pair) => pair.DecodeValue().ToString();
}
