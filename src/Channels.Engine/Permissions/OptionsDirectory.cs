using System.Collections.Frozen;
using Microsoft.Extensions.Options;

namespace Channels.Engine;

/// <summary>The default directory: instances and groups as the options declare them.</summary>
internal sealed class OptionsDirectory : IChannelDirectory, IDisposable
{
    private readonly IDisposable? _reload;
    private volatile Names _names;

    public OptionsDirectory(IOptionsMonitor<ChannelsOptions> options)
    {
        _names = new(options.CurrentValue);
        _reload = options.OnChange(changed => _names = new(changed));
    }

    public bool InstanceExists(string instance) => _names.Instances.Contains(instance);

    public ValueTask<bool> GroupExistsAsync(string instance, string group, CancellationToken cancellationToken) =>
        new(_names.Groups.Contains(group));

    public void Dispose() => _reload?.Dispose();

    private sealed class Names(ChannelsOptions options)
    {
        public FrozenSet<string> Instances { get; } =
            (options.Instances.Count > 0 ? options.Instances : [ChannelAddress.DefaultInstance]).ToFrozenSet(StringComparer.Ordinal);

        public FrozenSet<string> Groups { get; } = options.Groups.ToFrozenSet(StringComparer.Ordinal);
    }
}
