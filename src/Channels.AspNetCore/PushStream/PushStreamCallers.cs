using Channels.AspNetCore.Http;
using Microsoft.AspNetCore.Http;

namespace Channels.AspNetCore.PushStream;

/// <summary>Where this wire's tokens travel. Source: docs/protocols/pushstream.md#authorization</summary>
internal sealed class PushStreamCallers(IChannelAuthenticator authenticator, TrustedOrigins origins, PushStreamOptions options)
{
    private static readonly string[] Schemes = ["Token ", "Bearer "];

    /// <param name="http">The request.</param>
    /// <param name="queryToken">Token of its query, which wins over its headers.</param>
    public async ValueTask<(JsonAnswer? Refusal, ChannelCaller Caller)> AuthenticateAsync(HttpContext http, string? queryToken)
    {
        // Identity that a browser sends by itself never counts: every page may ask here.
        var identity = HostIdentity.Of(http, origins, allowAmbient: false);
        var token = options.AcceptTokenInQuery && !string.IsNullOrEmpty(queryToken) ? queryToken : null;
        token ??= identity.ExplainsAuthorization(http.Request) ? null : FromHeader(http.Request);
        if (token is null && identity.Principal is null)
        {
            return options.AllowAnonymous
                ? (null, ChannelCaller.Anonymous with { FrontEnd = PushStreamDefaults.FrontEnd, ReadsAnonymously = true })
                : (PushStreamErrors.NoToken, ChannelCaller.Anonymous);
        }

        var (status, caller) = await authenticator.AuthenticateAsync(
            new()
            {
                FrontEnd = PushStreamDefaults.FrontEnd,
                Instance = options.Instance,
                Token = token,
                Principal = token is null ? identity.Principal : null,
                PrincipalExpiresAt = identity.ExpiresAt,
            },
            http.RequestAborted);
        return status == AuthenticationStatus.Accepted ? (null, caller) : (PushStreamErrors.NoToken, ChannelCaller.Anonymous);
    }

    private static string? FromHeader(HttpRequest request) =>
        RequestTokens.Header(request, "Authorization") is { } header
        && Array.Exists(Schemes, scheme => header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
            ? RequestTokens.Authorization(request)
            : null;
}
