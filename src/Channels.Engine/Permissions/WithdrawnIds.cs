using System.Collections.Frozen;

namespace Channels.Engine;

/// <summary>Ids of configured keys and users that a reload took away, and of callers that may still act by them somewhere on their way.</summary>
internal sealed class WithdrawnIds
{
    private volatile Ids? _gone;

    /// <summary>Whether a caller's key or user is gone.</summary>
    public bool Contains(ChannelCaller caller) => _gone is { } gone && gone.Contains(caller);

    public void Set(IEnumerable<string> admins, IEnumerable<string> apiKeys, IEnumerable<(string Instance, string User)> users) =>
        _gone = new(admins.ToFrozenSet(StringComparer.Ordinal), apiKeys.ToFrozenSet(StringComparer.Ordinal), users.ToFrozenSet());

    private sealed class Ids(FrozenSet<string> admins, FrozenSet<string> apiKeys, FrozenSet<(string Instance, string User)> users)
    {
        public bool Contains(ChannelCaller caller) =>
            (caller.AdminId is { } admin && admins.Contains(admin))
            || (caller.ApiKeyId is { } key && apiKeys.Contains(key))
            || (caller is { UserId: { } user, Instance: { } instance } && users.Contains((instance, user)));
    }
}
