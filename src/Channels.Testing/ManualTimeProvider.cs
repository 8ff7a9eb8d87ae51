namespace Channels.Testing;

/// <summary>A clock that stands still until a test moves it, and then fires what has become due.</summary>
/// <remarks>
/// Thread-safe. A timer that is armed without delay fires on the thread pool, as a real one does; every other timer fires inside
/// <see cref="Advance"/>, on the caller's thread. An exception of such a callback leaves <see cref="Advance"/>.
/// </remarks>
/// <param name="start">What the clock shows first.</param>
public sealed class ManualTimeProvider(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly SortedSet<ManualTimer> _armed = new(ManualTimer.ByDueTime);
    private DateTimeOffset _origin = start.ToUniversalTime();
    private long _elapsed;
    private long _armings;

    /// <summary>Makes a clock that shows 2026-01-01T00:00:00Z.</summary>
    public ManualTimeProvider()
        : this(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero))
    {
    }

    /// <summary>UTC, so that tests do not depend on the machine.</summary>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>10,000,000 per second: a timestamp counts 100-ns ticks.</summary>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>What the clock shows, UTC.</summary>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
        {
            return _origin.AddTicks(_elapsed);
        }
    }

    /// <summary>Ticks by which the clock was advanced; <see cref="SetUtcNow"/> does not change it.</summary>
    public override long GetTimestamp() => Interlocked.Read(ref _elapsed);

    /// <summary>Makes a timer that this clock fires.</summary>
    /// <param name="callback">Called for each due time, without any lock held.</param>
    /// <param name="state">Handed to the callback.</param>
    /// <param name="dueTime">Time until the first call; <see cref="Timeout.InfiniteTimeSpan"/> for none.</param>
    /// <param name="period">Time between calls; zero or <see cref="Timeout.InfiniteTimeSpan"/> for a single one.</param>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new ManualTimer(this, callback, state);
        Arm(timer, dueTime, period);
        return timer;
    }

    /// <summary>
    /// Moves the clock forward. Timers that become due fire in order of due time, equal ones in the order of arming, and each finds the
    /// clock at its due time. What a callback arms fires too if it is due before the end. Calls that overlap are not added up.
    /// </summary>
    /// <param name="by">How far, zero or more.</param>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        long end;
        lock (_lock)
        {
            end = _elapsed + by.Ticks;
        }

        while (TakeDue(end) is { } timer)
        {
            timer.Fire();
        }

        lock (_lock)
        {
            MoveTo_NeedsLock(end);
        }
    }

    /// <summary>Sets what the clock shows, also backwards, as an operator or a time server does. Timers are not affected.</summary>
    /// <param name="now">What it shows from now on.</param>
    public void SetUtcNow(DateTimeOffset now)
    {
        lock (_lock)
        {
            _origin = now.ToUniversalTime().AddTicks(-_elapsed);
        }
    }

    internal bool Arm(ManualTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        ThrowIfNotDelay(dueTime);
        ThrowIfNotDelay(period);
        lock (_lock)
        {
            if (timer.IsDisposed)
            {
                return false;
            }

            _armed.Remove(timer);
            timer.Period = period > TimeSpan.Zero ? period.Ticks : 0;
            if (dueTime >= TimeSpan.Zero)
            {
                Enqueue_NeedsLock(timer, _elapsed + dueTime.Ticks);
            }
        }

        if (dueTime == TimeSpan.Zero)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static clock => clock.Advance(TimeSpan.Zero), this, preferLocal: false);
        }

        return true;
    }

    internal void Disarm(ManualTimer timer)
    {
        lock (_lock)
        {
            timer.IsDisposed = true;
            _armed.Remove(timer);
        }
    }

    private static void ThrowIfNotDelay(TimeSpan value)
    {
        if (value != Timeout.InfiniteTimeSpan)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
        }
    }

    private ManualTimer? TakeDue(long end)
    {
        lock (_lock)
        {
            if (_armed.Min is not { } timer || timer.DueAt > end)
            {
                return null;
            }

            _armed.Remove(timer);
            MoveTo_NeedsLock(timer.DueAt);
            if (timer.Period > 0)
            {
                Enqueue_NeedsLock(timer, timer.DueAt + timer.Period);
            }

            return timer;
        }
    }

    private void Enqueue_NeedsLock(ManualTimer timer, long dueAt)
    {
        timer.DueAt = dueAt;
        timer.Arming = ++_armings;
        _armed.Add(timer);
    }

    // A callback may have advanced the clock further itself.
    private void MoveTo_NeedsLock(long elapsed) => Interlocked.Exchange(ref _elapsed, Math.Max(_elapsed, elapsed));
}
