using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features.Authentication;

namespace Channels.AspNetCore.Http;

/// <summary>The identity that the host's own authentication established, as far as it counts for a request.</summary>
/// <param name="Principal">The identity, if one counts.</param>
/// <param name="ExpiresAt">When it expires, UTC, where the authentication said so.</param>
internal readonly record struct HostIdentity(ClaimsPrincipal? Principal, DateTimeOffset? ExpiresAt)
{
    // Never attached by a browser on its own.
    private static readonly string[] ExplicitSchemes = ["Bearer", "DPoP"];

    // Attached by a browser on its own, and so ambient like a cookie.
    private static readonly string[] AmbientSchemes = ["Basic", "Digest", "Negotiate", "NTLM"];

    /// <summary>Finds the identity.</summary>
    /// <param name="http">The request.</param>
    /// <param name="origins">Origins whose ambient identity counts.</param>
    /// <param name="allowAmbient">Whether the request's form lets an ambient identity count at all.</param>
    public static HostIdentity Of(HttpContext http, TrustedOrigins origins, bool allowAmbient)
    {
        // Asked of the feature: the context would make up an anonymous user for a request without one.
        if (http.Features.Get<IHttpAuthenticationFeature>()?.User is not { Identity.IsAuthenticated: true } user)
        {
            return default;
        }

        if (!HasScheme(http.Request, ExplicitSchemes) && !(allowAmbient && origins.Trusts(http.Request)))
        {
            return default;
        }

        var expires = http.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Properties?.ExpiresUtc;
        return new(user, expires);
    }

    /// <summary>Whether the <c>Authorization</c> header was meant for the host's own authentication, rather than being a key.</summary>
    public bool ExplainsAuthorization(HttpRequest request) =>
        Principal is not null && (HasScheme(request, ExplicitSchemes) || HasScheme(request, AmbientSchemes));

    private static bool HasScheme(HttpRequest request, string[] schemes)
    {
        var header = request.Headers.Authorization;
        return header.Count == 1 && Array.Exists(schemes, scheme =>
            header.ToString() is { } text
            && text.Length > scheme.Length
            && text[scheme.Length] == ' '
            && text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase));
    }
}
