using Channels.Storage.Memory;
using Microsoft.Extensions.Caching.Memory;

namespace Channels.Engine;

/// <summary>Remembers for a short while what a name means, also that it means nothing. Other nodes may change it, so what is cached must be checked again where it counts.</summary>
internal sealed class NameCache<T> : IDisposable
    where T : class
{
    private const int CacheSize = 100_000;
    private static readonly object Nothing = new();
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(10);

    private readonly Func<string, CancellationToken, ValueTask<T?>> _load;
    private readonly MemoryCache _cache;
    private readonly Lock _gate = new();
    private long _changes;

    public NameCache(Func<string, CancellationToken, ValueTask<T?>> load, TimeProvider time)
    {
        _load = load;
        _cache = BoundedCache.Create(time, CacheSize);
    }

    public void Dispose() => _cache.Dispose();

    public ValueTask<T?> FindAsync(string name, CancellationToken cancellationToken) =>
        _cache.TryGetValue(name, out var known) ? new(known as T) : LoadAsync(name, cancellationToken);

    /// <summary>Forgets what was cached for a name, also what is just being read.</summary>
    public void Forget(string name)
    {
        lock (_gate)
        {
            _changes++;
            _cache.Remove(name);
        }
    }

    private async ValueTask<T?> LoadAsync(string name, CancellationToken cancellationToken)
    {
        var changes = Volatile.Read(ref _changes);
        var loaded = await _load(name, cancellationToken).ConfigureAwait(false);
        lock (_gate)
        {
            if (changes == _changes)
            {
                _cache.Set(name, loaded ?? Nothing, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = Freshness });
            }
        }

        return loaded;
    }
}
