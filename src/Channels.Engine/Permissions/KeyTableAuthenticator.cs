using System.Security.Claims;
using Microsoft.Extensions.Options;

namespace Channels.Engine;

/// <summary>The default authenticator: configured keys and tokens, else the identity that the host's own authentication established.</summary>
internal sealed class KeyTableAuthenticator : IChannelAuthenticator, IDisposable
{
    private readonly IChannelDirectory _directory;
    private readonly IDisposable? _reload;
    private volatile KeyTable _table;

    public KeyTableAuthenticator(IOptionsMonitor<ChannelsOptions> options, IChannelDirectory directory)
    {
        _directory = directory;
        _table = new(options.CurrentValue);
        _reload = options.OnChange(changed => _table = new(changed));
    }

    public void Dispose() => _reload?.Dispose();

    public ValueTask<AuthenticationResult> AuthenticateAsync(ChannelCredentials credentials, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(credentials);
        return new(Authenticate(credentials, _table));
    }

    private AuthenticationResult Authenticate(ChannelCredentials credentials, KeyTable table)
    {
        if (!_directory.InstanceExists(credentials.Instance))
        {
            return AuthenticationResult.Anonymous(AuthenticationStatus.InstanceNotFound);
        }

        var result = credentials switch
        {
            { ApiKey: { } key } => FromKey(credentials, table, key),
            { Token: { } token } => FromToken(credentials, table, token),
            { Principal.Identity.IsAuthenticated: true } => FromPrincipal(credentials),
            _ => AuthenticationResult.Anonymous(AuthenticationStatus.NoCredentials),
        };
        return result.Caller.FrontEnd == credentials.FrontEnd ? result : result with { Caller = result.Caller with { FrontEnd = credentials.FrontEnd } };
    }

    private static AuthenticationResult FromKey(ChannelCredentials credentials, KeyTable table, string secret)
    {
        var keys = SecretHash.OfPair(secret, credentials.UserKey);
        return table.Recall(keys, credentials) is { } known ? AuthenticationResult.Accepted(known) : LookUp(credentials, table, secret, keys);
    }

    private static AuthenticationResult LookUp(ChannelCredentials credentials, KeyTable table, string secret, in SecretPair keys)
    {
        var hash = SecretHash.Of(secret);
        var key = table.FindKey(hash);
        if (key is null || (!key.IsAdmin && !string.Equals(key.Instance, credentials.Instance, StringComparison.Ordinal)))
        {
            return AuthenticationResult.Anonymous(AuthenticationStatus.Rejected);
        }

        // An unknown user key is no error: the caller is then the key alone. Beside an administrator's key it means nothing.
        var userHash = credentials.UserKey is { } userKey && !key.IsAdmin ? SecretHash.Of(userKey) : null;
        var user = userHash is null ? null : table.FindUser(credentials.Instance, userHash);
        var caller = table.CallerOf(hash, user is null ? null : userHash, credentials.FrontEnd, () => MakeCaller(key, user));
        if (user is not null || credentials.UserKey is null)
        {
            table.Remember(keys, credentials, caller);
        }

        return AuthenticationResult.Accepted(caller);
    }

    private static ChannelCaller MakeCaller(ChannelKeyOptions key, ChannelUserOptions? user)
    {
        if (key.IsAdmin)
        {
            return ChannelCaller.Admin(key.Id, key.Role);
        }

        var caller = user is null ? ChannelCaller.ApiKey(key.Id) : ChannelCaller.User(user.Id, user.Groups);
        return caller with
        {
            ApiKeyId = key.Id,
            IgnoresPermissions = key.IgnoreAcl,
            ReadsAnonymously = key.AllowAnonymousRead && user is null,
            Instance = key.Instance,
        };
    }

    private static AuthenticationResult FromToken(ChannelCredentials credentials, KeyTable table, string token)
    {
        var hash = SecretHash.OfToken(token);
        return table.FindToken(credentials.Instance, hash) is { } user
            ? AuthenticationResult.Accepted(table.CallerOf(
                hash, null, credentials.FrontEnd, () => ChannelCaller.User(user.Id, user.Groups) with { Instance = user.Instance }))
            : AuthenticationResult.Anonymous(AuthenticationStatus.Rejected);
    }

    private static AuthenticationResult FromPrincipal(ChannelCredentials credentials)
    {
        var principal = credentials.Principal!;
        var id = principal.FindFirst("sub") ?? principal.FindFirst(ClaimTypes.NameIdentifier);
        if (string.IsNullOrEmpty(id?.Value))
        {
            return AuthenticationResult.Anonymous(AuthenticationStatus.NoCredentials);
        }

        return AuthenticationResult.Accepted(ChannelCaller.User(id.Value, GroupsOf(principal)) with
        {
            ExpiresAt = credentials.PrincipalExpiresAt,
            Instance = credentials.Instance,
        });
    }

    private static IEnumerable<string> GroupsOf(ClaimsPrincipal principal)
    {
        var groups = principal.FindAll("groups").Select(claim => claim.Value).ToList();
        return groups.Count > 0 ? groups : principal.Claims.Where(IsRole).Select(claim => claim.Value);
    }

    private static bool IsRole(Claim claim) =>
        claim.Type is ClaimTypes.Role or "role" or "roles" || claim.Type == claim.Subject?.RoleClaimType;
}
