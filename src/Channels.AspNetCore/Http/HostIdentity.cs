using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace Channels.AspNetCore.Http;

/// <summary>The identity that the host's own authentication established, as far as it counts for a request.</summary>
/// <param name="Principal">The identity, if one counts.</param>
/// <param name="ExpiresAt">When it expires, UTC, where the authentication said so.</param>
internal readonly record struct HostIdentity(ClaimsPrincipal? Principal, DateTimeOffset? ExpiresAt)
{
    // Only these are never attached by a browser on its own; Basic, Digest, Negotiate and NTLM are.
    private static readonly string[] ExplicitSchemes = ["Bearer", "DPoP"];

    /// <summary>Finds the identity.</summary>
    /// <param name="http">The request.</param>
    /// <param name="origins">Origins whose ambient identity counts.</param>
    /// <param name="allowAmbient">Whether the request's form lets an ambient identity count at all.</param>
    public static HostIdentity Of(HttpContext http, TrustedOrigins origins, bool allowAmbient)
    {
        if (http.User.Identity?.IsAuthenticated != true)
        {
            return default;
        }

        if (!IsExplicit(http.Request) && !(allowAmbient && origins.Trusts(http.Request)))
        {
            return default;
        }

        var expires = http.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Properties?.ExpiresUtc;
        return new(http.User, expires);
    }

    /// <summary>Whether the request carries an <c>Authorization</c> header that a page's own code must have set.</summary>
    public static bool IsExplicit(HttpRequest request)
    {
        var header = request.Headers.Authorization;
        return header.Count == 1 && ExplicitSchemes.Any(scheme =>
            header.ToString() is { } text
            && text.Length > scheme.Length
            && text[scheme.Length] == ' '
            && text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase));
    }
}
