namespace Channels.Engine;

/// <summary>All permits come back at once.</summary>
internal sealed class FixedWindowClockLimiter(LimitOptions options, TimeProvider time) : ClockLimiter(time)
{
    private readonly int _permits = options.Permits;
    private readonly TimeSpan _period = options.Period;
    private TimeSpan _endsAt;
    private int _used;

    protected override bool TryTake_NeedsLock(int permits, TimeSpan now, out TimeSpan retryAfter)
    {
        if (now >= _endsAt)
        {
            _used = 0;
            _endsAt = now + _period;
        }

        retryAfter = _endsAt - now;
        if (permits > _permits - _used)
        {
            return false;
        }

        _used += permits;
        return true;
    }

    protected override long GetAvailable_NeedsLock(TimeSpan now) => now >= _endsAt ? _permits : _permits - _used;

    protected override TimeSpan? GetIdle_NeedsLock(TimeSpan now) => now >= _endsAt ? now - _endsAt : null;
}
