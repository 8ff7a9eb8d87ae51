using Microsoft.Extensions.Options;

namespace Channels.Engine;

/// <summary>Ends what callers do whose key or token was withdrawn by a reload of the options.</summary>
internal sealed class KeyRevocation : IDisposable
{
    private readonly IDisposable? _reload;

    public KeyRevocation(IOptionsMonitor<ChannelsOptions> options, ChannelsEngine engine)
    {
        var valid = new KeyTable(options.CurrentValue).Credentials.ToHashSet(StringComparer.Ordinal);
        _reload = options.OnChange(changed =>
        {
            var before = valid;
            valid = new KeyTable(changed).Credentials.ToHashSet(StringComparer.Ordinal);
            before.ExceptWith(valid);
            if (before.Count > 0)
            {
                engine.Revoke(caller => caller.Credentials.Any(before.Contains));
            }
        });
    }

    public void Dispose() => _reload?.Dispose();
}
