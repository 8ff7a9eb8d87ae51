namespace Channels.Timing;

/// <summary>
/// All deadlines of an engine, or of the sessions of a front end, on one timer, which is armed while there are any. Those of one duration are due in
/// the order in which they were added, so that each duration has a plain list: adding and removing cost nothing, and only the heads of the lists
/// are compared.
/// </summary>
internal sealed class DeadlineQueue : IDisposable
{
    private const long Never = long.MaxValue;
    private const int FewEmpty = 64;
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(40);

    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private readonly Dictionary<(long Duration, long Tolerance), DeadlineList> _lists = [];

    // Holds each list once, by when its head is due or earlier.
    private readonly PriorityQueue<DeadlineList, long> _byDue = new();
    private long _armedFor = Never;
    private int _empty;
    private bool _disposed;

    public DeadlineQueue(TimeProvider time)
    {
        _time = time;
        using (ExecutionContext.SuppressFlow())
        {
            _timer = time.CreateTimer(static state => ((DeadlineQueue)state!).RunDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>What the clock shows, since its start.</summary>
    public TimeSpan Now => _time.GetElapsedTime(0, _time.GetTimestamp());

    /// <summary>Ends the timer: nothing is due any more.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
        }

        _timer.Dispose();
    }

    /// <summary>Adds a deadline that is in no queue.</summary>
    /// <param name="deadline">The deadline.</param>
    /// <param name="after">How long from now; at once if it is negative.</param>
    /// <param name="tolerance">
    /// By how much it may be late, so that it is due together with others: when the one before it is due less than this earlier, both wait until the clock
    /// shows a multiple of this. What is done for many at a time costs a fraction. Zero for an exact deadline.
    /// </param>
    public void Add(Deadline deadline, TimeSpan after, TimeSpan tolerance = default)
    {
        var key = (Duration: Math.Max(after.Ticks, 0), Tolerance: tolerance.Ticks);
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            var now = Now.Ticks;
            deadline.Due = key.Duration > Never - key.Tolerance - now ? Never : now + key.Duration;
            if (_lists.TryGetValue(key, out var list))
            {
                _empty -= list.First is null ? 1 : 0;
                if (list.Last is { } before && deadline.Due - before.Due < key.Tolerance)
                {
                    deadline.Due = RoundUp(deadline.Due, key.Tolerance);
                }

                list.Append(deadline);
            }
            else
            {
                list = new(key);
                list.Append(deadline);
                _lists.Add(key, list);
                _byDue.Enqueue(list, deadline.Due);
                Arm_NeedsLock();
            }
        }
    }

    /// <summary>Removes a deadline, if it is in the queue. The timer stays as it is: at worst it finds nothing due.</summary>
    public void Remove(Deadline deadline)
    {
        lock (_gate)
        {
            if (deadline.List is { } list && list.Remove(deadline) && ++_empty > FewEmpty && _empty * 2 > _lists.Count)
            {
                ForgetEmpty_NeedsLock();
            }
        }
    }

    private static long RoundUp(long ticks, long multiple) => ticks % multiple is > 0 and var over ? ticks + multiple - over : ticks;

    private void RunDue()
    {
        lock (_gate)
        {
            _armedFor = Never;
        }

        // One at a time, so that one that is removed meanwhile does not come.
        while (TakeDue() is { } deadline)
        {
            deadline.OnDue();
        }
    }

    private Deadline? TakeDue()
    {
        lock (_gate)
        {
            var now = Now.Ticks;
            while (!_disposed && _byDue.TryPeek(out var list, out var due))
            {
                if (list.First is not { } first)
                {
                    _byDue.Dequeue();
                    _lists.Remove(list.Key);
                    _empty--;
                }
                else if (first.Due != due)
                {
                    // What the heap says may be too early: deadlines are removed from the list only.
                    _byDue.DequeueEnqueue(list, first.Due);
                }
                else if (due > now)
                {
                    Arm_NeedsLock();
                    break;
                }
                else
                {
                    _empty += list.Remove(first) ? 1 : 0;
                    return first;
                }
            }

            return null;
        }
    }

    /// <summary>
    /// Callers that choose how long they are held make nearly as many durations as there are callers; without this, those that are no longer needed would
    /// stay until they are due.
    /// </summary>
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
                _lists.Remove(list.Key);
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
