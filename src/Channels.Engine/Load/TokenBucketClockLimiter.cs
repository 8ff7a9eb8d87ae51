namespace Channels.Engine;

/// <summary>Permits come back evenly.</summary>
internal sealed class TokenBucketClockLimiter(LimitOptions options, TimeProvider time) : ClockLimiter(time)
{
    private readonly int _permits = options.Permits;
    private readonly TimeSpan _period = options.Period;

    // When the bucket will be full; the level follows from it, so that nothing is lost by rounding.
    private TimeSpan _fullAt;

    protected override bool TryTake_NeedsLock(int permits, TimeSpan now, out TimeSpan retryAfter)
    {
        retryAfter = _period;
        if (permits > _permits)
        {
            return false;
        }

        var start = _fullAt > now ? _fullAt : now;
        var fullAt = start + (_period * ((double)permits / _permits));
        retryAfter = fullAt - now - _period;
        if (retryAfter > TimeSpan.Zero)
        {
            return false;
        }

        _fullAt = fullAt;
        return true;
    }

    protected override long GetAvailable_NeedsLock(TimeSpan now) =>
        _fullAt <= now ? _permits : (long)(_permits * (1 - ((_fullAt - now) / _period)));

    protected override TimeSpan? GetIdle_NeedsLock(TimeSpan now) => _fullAt <= now ? now - _fullAt : null;
}
