using Channels.Storage.Memory;
using Microsoft.Extensions.Caching.Memory;

namespace Channels.Engine;

/// <summary>Finds what rules a channel name of one instance: the stored descriptor, else the most specific template, else nothing.</summary>
/// <remarks>Other nodes may change descriptors, so what is cached is short-lived; an append checks the version again.</remarks>
internal sealed class ChannelResolver : IDisposable
{
    private const int CacheSize = 100_000;
    private static readonly object Nothing = new();
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(10);

    private readonly string _instance;
    private readonly IChannelStore _store;
    private readonly TemplateSet _templates;
    private readonly MemoryCache _cache;
    private readonly Lock _gate = new();
    private long _changes;

    public ChannelResolver(string instance, IChannelStore store, TemplateSet templates, TimeProvider time)
    {
        _instance = instance;
        _store = store;
        _templates = templates;
        _cache = BoundedCache.Create(time, CacheSize);
    }

    public void Dispose() => _cache.Dispose();

    public ValueTask<ResolvedChannel?> ResolveAsync(string name, CancellationToken cancellationToken) =>
        _cache.TryGetValue(name, out var known) ? new(known as ResolvedChannel) : LoadAsync(name, cancellationToken);

    /// <summary>Forgets what was cached for a name, also what is just being read.</summary>
    public void Forget(string name)
    {
        lock (_gate)
        {
            _changes++;
            _cache.Remove(name);
        }
    }

    private async ValueTask<ResolvedChannel?> LoadAsync(string name, CancellationToken cancellationToken)
    {
        var changes = Volatile.Read(ref _changes);
        var stored = await _store.GetAsync(_instance, name, cancellationToken).ConfigureAwait(false);
        var resolved = stored is not null ? ResolvedChannel.Stored(stored) : FromTemplate(name);
        lock (_gate)
        {
            if (changes == _changes)
            {
                _cache.Set(name, resolved ?? Nothing, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = Freshness });
            }
        }

        return resolved;
    }

    private ResolvedChannel? FromTemplate(string name) =>
        _templates.TryMatch(name, out var template, out var values) ? template.Resolve(_instance, name, values) : null;
}
