namespace Channels.AspNetCore.Connections;

/// <summary>
/// The deadlines of all sessions and parked requests of a front end on one timer, which is armed while there are any. Those of one duration
/// are due in the order in which they were scheduled, so that each duration has a plain list: scheduling and cancelling cost nothing, and only
/// the heads of the lists are compared.
/// </summary>
internal sealed class Deadlines : IDisposable
{
    private const int FewEmpty = 64;
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(40);

    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private readonly Dictionary<long, DeadlineList> _lists = [];

    // Holds each list once, by when its head is due or earlier.
    private readonly PriorityQueue<DeadlineList, long> _byDue = new();
    private long _armedFor = long.MaxValue;
    private int _empty;

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
        var ticks = Math.Max(after.Ticks, 0);
        lock (_gate)
        {
            var now = Now.Ticks;
            var deadline = new Deadline(ticks > long.MaxValue - now ? long.MaxValue : now + ticks, listener);
            if (_lists.TryGetValue(ticks, out var list))
            {
                _empty -= list.First is null ? 1 : 0;
                list.Append(deadline);
            }
            else
            {
                list = new(ticks);
                list.Append(deadline);
                _lists.Add(ticks, list);
                _byDue.Enqueue(list, deadline.Due);
                Arm_NeedsLock();
            }

            return deadline;
        }
    }

    /// <summary>Forgets a deadline. The timer stays as it is: at worst it finds nothing due.</summary>
    public void Cancel(Deadline? deadline)
    {
        if (deadline is null)
        {
            return;
        }

        lock (_gate)
        {
            if (deadline.List is { } list && list.Remove(deadline) && ++_empty > FewEmpty && _empty * 2 > _lists.Count)
            {
                ForgetEmpty_NeedsLock();
            }
        }
    }

    public void Dispose() => _timer.Dispose();

    private void RunDue()
    {
        lock (_gate)
        {
            _armedFor = long.MaxValue;
        }

        while (TakeDue() is { } deadline)
        {
            deadline.Listener.OnDue(deadline);
        }
    }

    private Deadline? TakeDue()
    {
        lock (_gate)
        {
            var now = Now.Ticks;
            while (_byDue.TryPeek(out var list, out var due))
            {
                if (list.First is not { } first)
                {
                    _byDue.Dequeue();
                    _lists.Remove(list.Ticks);
                    _empty--;
                }
                else if (first.Due != due)
                {
                    // What the heap says may be too early: deadlines are cancelled in the list only.
                    _byDue.DequeueEnqueue(list, first.Due);
                }
                else if (due > now)
                {
                    break;
                }
                else
                {
                    _empty += list.Remove(first) ? 1 : 0;
                    return first;
                }
            }

            Arm_NeedsLock();
            return null;
        }
    }

    /// <summary>Clients that choose how long they are held make many durations, which would stay until they are due.</summary>
    private void ForgetEmpty_NeedsLock()
    {
        _empty = 0;
        _byDue.Clear();
        foreach (var list in _lists.Values)
        {
            if (list.First is { } first)
            {
                _byDue.Enqueue(list, first.Due);
            }
            else
            {
                _lists.Remove(list.Ticks);
            }
        }
    }

    private void Arm_NeedsLock()
    {
        if (!_byDue.TryPeek(out _, out var due) || due >= _armedFor)
        {
            return;
        }

        _armedFor = due;
        long now;
        do
        {
            now = Now.Ticks;
            var wait = TimeSpan.FromTicks(Math.Clamp(due - now, 0, LongestWait.Ticks));

            // Timers count whole milliseconds; rounding up keeps a timer from firing before its time.
            _timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
        }
        while (Now.Ticks - now >= TimeSpan.TicksPerMillisecond); // The clock moved on meanwhile: the timer would be that much late.
    }
}
