using Microsoft.AspNetCore.Http;

namespace Channels.AspNetCore.Bayeux;

/// <summary>The cookie that tells browsers apart; no credential. Source: docs/protocols/bayeux.md#browser-cookie</summary>
internal static class BayeuxCookies
{
    private const int MaxLength = 128;

    /// <returns>The cookie; <see langword="null"/> when there is none that could be ours.</returns>
    public static string? Read(BayeuxOptions options, HttpRequest request) =>
        request.Cookies[options.BrowserCookie.Name!] is { Length: > 0 and <= MaxLength } value ? value : null;

    /// <summary>Gives a browser that has none its cookie.</summary>
    public static string Issue(BayeuxOptions options, HttpContext http)
    {
        var value = BayeuxServices.NewSecret();
        http.Response.Cookies.Append(options.BrowserCookie.Name!, value, options.BrowserCookie.Build(http));
        return value;
    }
}
