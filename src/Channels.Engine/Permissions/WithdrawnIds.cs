using System.Collections.Frozen;

namespace Channels.Engine;

/// <summary>Configured keys and users that a reload took away, and by which callers may still act that are somewhere on their way.</summary>
internal sealed class WithdrawnIds
{
    private volatile Ids? _gone;

    /// <summary>Whether a caller's key, user or very secret is gone.</summary>
    public bool Contains(ChannelCaller caller) => _gone is { } gone && gone.Contains(caller);

    public void Set(
        IEnumerable<string> admins, IEnumerable<string> apiKeys, IEnumerable<(string Instance, string User)> users, IEnumerable<string> credentials) =>
        _gone = new(
            admins.ToFrozenSet(StringComparer.Ordinal),
            apiKeys.ToFrozenSet(StringComparer.Ordinal),
            users.ToFrozenSet(),
            credentials.ToFrozenSet(StringComparer.Ordinal));

    private sealed class Ids(
        FrozenSet<string> admins, FrozenSet<string> apiKeys, FrozenSet<(string Instance, string User)> users, FrozenSet<string> credentials)
    {
        public bool Contains(ChannelCaller caller) =>
            (caller.AdminId is { } admin && admins.Contains(admin))
            || (caller.ApiKeyId is { } key && apiKeys.Contains(key))
            || (caller is { UserId: { } user, Instance: { } instance } && users.Contains((instance, user)))
            || HasGoneCredential(caller);

        private bool HasGoneCredential(ChannelCaller caller)
        {
            for (var i = 0; i < caller.Credentials.Count; i++)
            {
                if (credentials.Contains(caller.Credentials[i]))
                {
                    return true;
                }
            }

            return false;
        }
    }
}
