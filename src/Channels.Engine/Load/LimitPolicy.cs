using System.Threading.RateLimiting;

namespace Channels.Engine;

/// <summary>One named limit: a rate limiter for each of those who have a budget. Those whose budget is full are forgotten when room is needed.</summary>
internal sealed class LimitPolicy(string name, LimitOptions options, int maxPartitions, TimeProvider time, ChannelsMetrics metrics)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<LimitPartition, RateLimiter> _limiters = [];
    private long _lookedThroughAt = long.MinValue;

    public bool TryAcquire(in LimitRequest request, out TimeSpan retryAfter)
    {
        retryAfter = options.Period;
        if (Find(LimitPartition.Of(options.Scope, request)) is not { } limiter)
        {
            metrics.LimitReached("limit_partitions");
            return false;
        }

        using var lease = limiter.AttemptAcquire(request.Permits);
        if (lease.IsAcquired)
        {
            return true;
        }

        metrics.LimitReached(name);
        lease.TryGetMetadata(MetadataName.RetryAfter, out retryAfter);
        return false;
    }

    private RateLimiter? Find(in LimitPartition partition)
    {
        lock (_gate)
        {
            if (_limiters.TryGetValue(partition, out var known))
            {
                return known;
            }

            if (_limiters.Count >= maxPartitions && !MakeRoom_NeedsLock())
            {
                return null;
            }

            RateLimiter added = options.Kind == LimitKind.FixedWindow
                ? new FixedWindowClockLimiter(options, time)
                : new TokenBucketClockLimiter(options, time);
            _limiters.Add(partition, added);
            return added;
        }
    }

    /// <summary>Forgets who has its whole budget; at most once a period, because it looks at all.</summary>
    private bool MakeRoom_NeedsLock()
    {
        var now = time.GetTimestamp();
        if (_lookedThroughAt != long.MinValue && time.GetElapsedTime(_lookedThroughAt, now) < options.Period)
        {
            return false;
        }

        _lookedThroughAt = now;
        foreach (var (partition, limiter) in _limiters)
        {
            if (limiter.IdleDuration is not null)
            {
                _limiters.Remove(partition);
            }
        }

        return _limiters.Count < maxPartitions;
    }
}
