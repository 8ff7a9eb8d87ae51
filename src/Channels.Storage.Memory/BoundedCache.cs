using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Internal;

namespace Channels.Storage.Memory;

/// <summary>Makes caches that hold a bounded amount and take their time from a <see cref="TimeProvider"/>.</summary>
public static class BoundedCache
{
    /// <summary>Makes a cache.</summary>
    /// <param name="time">Clock by which entries expire.</param>
    /// <param name="sizeLimit">Sum of the sizes of the entries that it holds at most, at least 1; every entry has to state its size.</param>
    public static MemoryCache Create(TimeProvider time, long sizeLimit)
    {
        ArgumentNullException.ThrowIfNull(time);
        ArgumentOutOfRangeException.ThrowIfLessThan(sizeLimit, 1);
        return new(new MemoryCacheOptions { Clock = new Clock(time), SizeLimit = sizeLimit });
    }

    private sealed class Clock(TimeProvider time) : ISystemClock
    {
        public DateTimeOffset UtcNow => time.GetUtcNow();
    }
}
