using Microsoft.AspNetCore.Http;

namespace Channels.AspNetCore.Http;

/// <summary>Finds secrets in the places where clients put them. An empty value counts as absent.</summary>
internal static class RequestTokens
{
    public static string? Header(HttpRequest request, string name)
    {
        var values = request.Headers[name];
        return values.Count == 0 || string.IsNullOrEmpty(values[0]) ? null : values[0];
    }

    /// <returns>The first of several query parameters that is present.</returns>
    public static string? Query(HttpRequest request, params ReadOnlySpan<string> names)
    {
        if (!request.QueryString.HasValue)
        {
            return null;
        }

        foreach (var name in names)
        {
            if (request.Query.Last(name) is { } value)
            {
                return value;
            }
        }

        return null;
    }

    /// <returns>The second of exactly two words of the <c>Authorization</c> header, whatever its scheme.</returns>
    public static string? Authorization(HttpRequest request)
    {
        if (Header(request, "Authorization") is not { } header)
        {
            return null;
        }

        var space = header.IndexOf(' ', StringComparison.Ordinal);
        return space > 0 && space < header.Length - 1 && header.IndexOf(' ', space + 1) < 0 ? header[(space + 1)..] : null;
    }

    public static string? Field(BodyFields? fields, ReadOnlySpan<byte> name) =>
        fields is not null && fields.Find(name).TryGetText(out var text) && text.Length > 0 ? text : null;
}
