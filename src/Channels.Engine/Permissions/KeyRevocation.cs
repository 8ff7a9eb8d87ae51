using Microsoft.Extensions.Options;

namespace Channels.Engine;

/// <summary>Ends what callers do whose configured key was taken away by a reload.</summary>
internal sealed class KeyRevocation : IDisposable
{
    private readonly IDisposable? _reload;

    public KeyRevocation(IOptionsMonitor<ChannelsOptions> options, ChannelsEngine engine)
    {
        var known = new KeyTable(options.CurrentValue);
        _reload = options.OnChange(changed =>
        {
            var (before, now) = (known, known = new(changed));
            engine.Revoke(caller => IsGone(caller, before, now));
        });
    }

    public void Dispose() => _reload?.Dispose();

    /// <summary>Ids that the options never knew belong to an authenticator of the application, and are its own affair.</summary>
    private static bool IsGone(ChannelCaller caller, KeyTable before, KeyTable now) =>
        (caller.AdminId is { } admin && before.Admins.Contains(admin) && !now.Admins.Contains(admin))
        || (caller.ApiKeyId is { } key && before.ApiKeys.Contains(key) && !now.ApiKeys.Contains(key));
}
