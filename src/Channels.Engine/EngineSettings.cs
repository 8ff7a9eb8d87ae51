using Microsoft.Extensions.Options;

namespace Channels.Engine;

/// <summary>The options in force, cheap to read; an invalid reload leaves the old ones.</summary>
internal sealed class EngineSettings : IDisposable
{
    private readonly IDisposable? _reload;
    private volatile ChannelsOptions _current;

    public EngineSettings(IOptionsMonitor<ChannelsOptions> monitor)
    {
        _current = monitor.CurrentValue;
        _reload = monitor.OnChange(changed => _current = changed);
    }

    public ChannelsOptions Current => _current;

    public void Dispose() => _reload?.Dispose();
}
