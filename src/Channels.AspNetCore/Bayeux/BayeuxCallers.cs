using Channels.AspNetCore.Bayeux.Epicenter;
using Channels.AspNetCore.Http;
using Microsoft.AspNetCore.Http;

namespace Channels.AspNetCore.Bayeux;

/// <summary>Finds out who handshakes or publishes. Source: docs/protocols/bayeux.md#authorization</summary>
internal sealed class BayeuxCallers(BayeuxOptions options, IChannelAuthenticator authenticator, EpicenterAccess access, TrustedOrigins origins)
{
    private static readonly ChannelCaller Nobody = ChannelCaller.Anonymous with { FrontEnd = BayeuxServices.FrontEnd };

    // Let in without an identity, it counts as everybody else on a channel that says what everybody may.
    private static readonly ChannelCaller Guest = Nobody with { ReadsAnonymously = true, PublishesAnonymously = true };

    /// <summary>Finds out who calls.</summary>
    /// <param name="http">The request that carries the call.</param>
    /// <param name="token">Access token, of a user or a project.</param>
    /// <param name="allowAmbient">Whether an identity that a browser sends by itself may count.</param>
    /// <returns><see langword="null"/> when somebody with a good token is demanded and this is nobody.</returns>
    public async ValueTask<ChannelCaller?> FindAsync(HttpContext http, string? token, bool allowAmbient)
    {
        var identity = HostIdentity.Of(http, origins, allowAmbient);
        var caller = await AuthenticateAsync(http, new()
        {
            FrontEnd = BayeuxServices.FrontEnd,
            Instance = options.Instance,
            Token = token,
            Principal = identity.Principal,
            PrincipalExpiresAt = identity.ExpiresAt,
        });
        if (caller is null && token is not null)
        {
            // Access tokens of projects are keys.
            caller = await AuthenticateAsync(http, new() { FrontEnd = BayeuxServices.FrontEnd, Instance = options.Instance, ApiKey = token });
        }

        if (caller is not null && await access.IsWelcomeAsync(caller, http.RequestAborted))
        {
            return caller;
        }

        return access.AdmitsGuests ? Guest : null;
    }

    private async ValueTask<ChannelCaller?> AuthenticateAsync(HttpContext http, ChannelCredentials credentials)
    {
        var (status, caller) = await authenticator.AuthenticateAsync(credentials, http.RequestAborted);
        return status == AuthenticationStatus.Accepted ? caller : null;
    }
}
