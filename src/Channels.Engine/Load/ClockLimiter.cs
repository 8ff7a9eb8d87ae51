using System.Threading.RateLimiting;

namespace Channels.Engine;

/// <summary>A rate limiter by the engine's clock: it has no timer, and finds out what came back when it is asked. Nobody queues.</summary>
internal abstract class ClockLimiter(TimeProvider time) : RateLimiter
{
    private static readonly Lease Granted = new(null);

    private readonly Lock _gate = new();
    private long _granted;
    private long _refused;

    public sealed override TimeSpan? IdleDuration
    {
        get
        {
            lock (_gate)
            {
                return GetIdle_NeedsLock(Now);
            }
        }
    }

    public sealed override RateLimiterStatistics GetStatistics()
    {
        lock (_gate)
        {
            return new()
            {
                CurrentAvailablePermits = GetAvailable_NeedsLock(Now),
                TotalSuccessfulLeases = _granted,
                TotalFailedLeases = _refused,
            };
        }
    }

    protected sealed override RateLimitLease AttemptAcquireCore(int permitCount)
    {
        lock (_gate)
        {
            if (TryTake_NeedsLock(permitCount, Now, out var retryAfter))
            {
                _granted++;
                return Granted;
            }

            _refused++;
            return new Lease(retryAfter);
        }
    }

    protected sealed override ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken) =>
        new(AttemptAcquireCore(permitCount));

    /// <summary>Takes permits, or tells when they will be there; more than there ever are come never, which counts as a period.</summary>
    protected abstract bool TryTake_NeedsLock(int permits, TimeSpan now, out TimeSpan retryAfter);

    protected abstract long GetAvailable_NeedsLock(TimeSpan now);

    /// <summary>How long everything has been available; <see langword="null"/> when it is not.</summary>
    protected abstract TimeSpan? GetIdle_NeedsLock(TimeSpan now);

    private TimeSpan Now => time.GetElapsedTime(0, time.GetTimestamp());

    private sealed class Lease(TimeSpan? retryAfter) : RateLimitLease
    {
        public override bool IsAcquired => retryAfter is null;

        public override IEnumerable<string> MetadataNames => retryAfter is null ? [] : [MetadataName.RetryAfter.Name];

        public override bool TryGetMetadata(string metadataName, out object? metadata)
        {
            metadata = retryAfter;
            return retryAfter is not null && string.Equals(metadataName, MetadataName.RetryAfter.Name, StringComparison.Ordinal);
        }
    }
}
