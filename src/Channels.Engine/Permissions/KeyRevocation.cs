using Microsoft.Extensions.Options;

namespace Channels.Engine;

/// <summary>Ends what callers do whose configured key a reload took away or gave other rights.</summary>
/// <remarks>Ids that the options never knew belong to an authenticator of the application, and are its own affair.</remarks>
internal sealed class KeyRevocation : IDisposable
{
    private readonly IDisposable? _reload;
    private readonly Lock _gate = new();
    private readonly ChannelsEngine _engine;
    private readonly WithdrawnIds _withdrawn;
    private readonly HashSet<string> _admins = new(StringComparer.Ordinal);
    private readonly HashSet<string> _apiKeys = new(StringComparer.Ordinal);
    private readonly HashSet<(string Instance, string User)> _users = [];
    private readonly HashSet<string> _credentials = new(StringComparer.Ordinal);
    private KeyTable _known;

    public KeyRevocation(IOptionsMonitor<ChannelsOptions> options, ChannelsEngine engine, WithdrawnIds withdrawn)
    {
        _engine = engine;
        _withdrawn = withdrawn;
        _known = new(options.CurrentValue);
        _reload = options.OnChange(Reload);
    }

    public void Dispose() => _reload?.Dispose();

    private void Reload(ChannelsOptions changed)
    {
        lock (_gate)
        {
            var (before, now) = (_known, _known = new(changed));
            _admins.UnionWith(before.Admins.Keys);
            _apiKeys.UnionWith(before.ApiKeys.Keys);
            _users.UnionWith(before.Users.Keys);
            _credentials.UnionWith(before.Credentials);

            // First nobody can begin anything with such a key, then what runs already ends.
            _withdrawn.Set(
                _admins.Except(now.Admins.Keys),
                _apiKeys.Except(now.ApiKeys.Keys),
                _users.Except(now.Users.Keys),
                _credentials.Except(now.Credentials));
            _engine.Revoke(caller => IsOver(caller, before, now));
        }
    }

    private static bool IsOver(ChannelCaller caller, KeyTable before, KeyTable now) =>
        (caller.AdminId is { } admin && IsOver(admin, before.Admins, now.Admins))
        || (caller.ApiKeyId is { } key && IsOver(key, before.ApiKeys, now.ApiKeys))
        || (caller is { UserId: { } user, Instance: { } instance } && IsOver((instance, user), before.Users, now.Users))
        || caller.Credentials.Any(credential => before.IsValid(credential) && !now.IsValid(credential));

    private static bool IsOver<TId>(TId id, IReadOnlyDictionary<TId, KeyRights> before, IReadOnlyDictionary<TId, KeyRights> now) =>
        before.TryGetValue(id, out var had) && !(now.TryGetValue(id, out var has) && has.Continues(had));
}
