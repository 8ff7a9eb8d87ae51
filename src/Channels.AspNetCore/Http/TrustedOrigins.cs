using Microsoft.AspNetCore.Http;

namespace Channels.AspNetCore.Http;

/// <summary>Which pages may act with the identity that a browser sends along by itself.</summary>
internal sealed class TrustedOrigins(IEnumerable<string> origins)
{
    private readonly HashSet<string> _listed = new(origins.Select(origin => origin.TrimEnd('/')), StringComparer.OrdinalIgnoreCase);

    public bool IsEmpty => _listed.Count == 0;

    public bool Lists(string? origin) => origin is not null && _listed.Contains(origin);

    /// <summary>Whether a request comes from the same origin or a listed one, or from something that is no browser.</summary>
    public bool Trusts(HttpRequest request)
    {
        var headers = request.Headers;
        if (headers.Origin.Count > 0)
        {
            return headers.Origin.Count == 1 && (Lists(headers.Origin) || IsOwn(request, headers.Origin.ToString()));
        }

        // Browsers name the origin of everything but same-origin reads and navigation; newer ones also say which of these it is.
        var site = headers["Sec-Fetch-Site"];
        return site.Count == 0 || site == "same-origin" || site == "none";
    }

    private static bool IsOwn(HttpRequest request, string origin)
    {
        if (!Uri.TryCreate(origin, UriKind.Absolute, out var uri))
        {
            return false;
        }

        return string.Equals(uri.Scheme, request.Scheme, StringComparison.OrdinalIgnoreCase)
            && string.Equals(uri.Host, request.Host.Host, StringComparison.OrdinalIgnoreCase)
            && uri.Port == (request.Host.Port ?? (request.IsHttps ? 443 : 80));
    }
}
