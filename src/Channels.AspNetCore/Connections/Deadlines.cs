namespace Channels.AspNetCore.Connections;

/// <summary>The deadlines of all sessions and parked requests of a front end on one timer, which is armed while there are any.</summary>
internal sealed class Deadlines : IDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(40);

    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private readonly SortedSet<Deadline> _waiting = new(Deadline.ByDueTime);
    private long _number;

    public Deadlines(TimeProvider time)
    {
        _time = time;
        using (ExecutionContext.SuppressFlow())
        {
            _timer = time.CreateTimer(static state => ((Deadlines)state!).RunDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    public TimeProvider Time => _time;

    /// <summary>What the clock shows, since its start.</summary>
    public TimeSpan Now => _time.GetElapsedTime(0, _time.GetTimestamp());

    public Deadline Schedule(TimeSpan after, IDeadlineListener listener)
    {
        lock (_gate)
        {
            var now = Now.Ticks;
            var ticks = Math.Max(after.Ticks, 0);
            var deadline = new Deadline(ticks > long.MaxValue - now ? long.MaxValue : now + ticks, ++_number, listener);
            _waiting.Add(deadline);
            if (_waiting.Min == deadline)
            {
                Arm_NeedsLock(now);
            }

            return deadline;
        }
    }

    /// <summary>Forgets a deadline. The timer stays as it is: at worst it finds nothing due.</summary>
    public void Cancel(Deadline? deadline)
    {
        if (deadline is not null)
        {
            lock (_gate)
            {
                _waiting.Remove(deadline);
            }
        }
    }

    public void Dispose() => _timer.Dispose();

    private void RunDue()
    {
        while (TakeDue() is { } deadline)
        {
            deadline.Listener.OnDue(deadline);
        }
    }

    private Deadline? TakeDue()
    {
        lock (_gate)
        {
            if (_waiting.Min is not { } first)
            {
                return null;
            }

            var now = Now.Ticks;
            if (first.Due > now)
            {
                Arm_NeedsLock(now);
                return null;
            }

            _waiting.Remove(first);
            return first;
        }
    }

    private void Arm_NeedsLock(long now)
    {
        var wait = TimeSpan.FromTicks(Math.Clamp(_waiting.Min!.Due - now, 0, LongestWait.Ticks));

        // Timers count whole milliseconds; rounding up keeps a timer from firing before its time.
        _timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
    }
}
