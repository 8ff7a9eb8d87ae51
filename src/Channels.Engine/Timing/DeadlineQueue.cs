namespace Channels.Engine;

/// <summary>
/// Every deadline of an engine on one timer. Entries of the same duration are due in the order in which they were added, so each duration
/// has a plain list, adding and removing cost nothing, and only the heads of the lists are compared.
/// </summary>
internal sealed class DeadlineQueue : IDisposable
{
    private const long Never = long.MaxValue;
    private const int FewEmpty = 64;

    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private readonly Dictionary<long, Duration> _durations = [];

    // Holds each duration once, by when its first entry is due or earlier.
    private readonly PriorityQueue<Duration, long> _byDue = new();
    private long _armedFor = Never;
    private int _emptyDurations;
    private bool _disposed;

    public DeadlineQueue(TimeProvider time)
    {
        _time = time;
        using (ExecutionContext.SuppressFlow())
        {
            _timer = time.CreateTimer(static state => ((DeadlineQueue)state!).RunDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
        }

        _timer.Dispose();
    }

    public void Add(Deadline deadline, TimeSpan after)
    {
        var ticks = Math.Max(after.Ticks, 0);
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            var now = Now;
            deadline.Due = ticks > Never - now ? Never : now + ticks;
            if (_durations.TryGetValue(ticks, out var list))
            {
                _emptyDurations -= list.First is null ? 1 : 0;
                list.Append(deadline);
            }
            else
            {
                list = new(ticks);
                list.Append(deadline);
                _durations.Add(ticks, list);
                _byDue.Enqueue(list, deadline.Due);
                Arm_NeedsLock();
            }
        }
    }

    public void Remove(Deadline deadline)
    {
        lock (_gate)
        {
            if (deadline.Among is not { } list)
            {
                return;
            }

            list.Unlink(deadline);
            if (list.First is null && ++_emptyDurations > FewEmpty && _emptyDurations * 2 > _byDue.Count)
            {
                ForgetEmpty_NeedsLock();
            }
        }
    }

    private long Now => _time.GetElapsedTime(0, _time.GetTimestamp()).Ticks;

    /// <summary>
    /// Callers' leaves make nearly as many durations as there are callers; without this, those that are no longer needed would stay until
    /// they are due.
    /// </summary>
    private void ForgetEmpty_NeedsLock()
    {
        _emptyDurations = 0;
        _byDue.Clear();
        foreach (var list in _durations.Values)
        {
            if (list.First is { } first)
            {
                _byDue.Enqueue(list, first.Due);
            }
            else
            {
                _durations.Remove(list.Ticks);
            }
        }
    }

    private void RunDue()
    {
        Deadline? due = null;
        lock (_gate)
        {
            _armedFor = Never;
            var now = Now;
            Deadline? last = null;
            while (TryTakeDue_NeedsLock(now) is { } next)
            {
                due ??= next;
                last?.NextDue = next;
                last = next;
            }

            if (!_disposed)
            {
                Arm_NeedsLock();
            }
        }

        while (due is not null)
        {
            var next = due.NextDue;
            due.NextDue = null;
            due.OnDue();
            due = next;
        }
    }

    /// <summary>Takes the earliest due entry. What the heap says of a list may be too early, since entries are removed from the list only.</summary>
    private Deadline? TryTakeDue_NeedsLock(long now)
    {
        while (_byDue.TryPeek(out var list, out var due))
        {
            if (list.First is not { } first)
            {
                _byDue.Dequeue();
                _emptyDurations--;
                _durations.Remove(list.Ticks);
            }
            else if (first.Due != due)
            {
                _byDue.DequeueEnqueue(list, first.Due);
            }
            else if (due > now)
            {
                return null;
            }
            else
            {
                list.Unlink(first);
                _emptyDurations += list.First is null ? 1 : 0;
                return first;
            }
        }

        return null;
    }

    private void Arm_NeedsLock()
    {
        if (_byDue.TryPeek(out _, out var due) && due < _armedFor)
        {
            _armedFor = due;
            var wait = TimeSpan.FromTicks(Math.Clamp(due - Now, 0, TimeSpan.FromDays(40).Ticks));
            // Timers count whole milliseconds; rounding up keeps a timer from firing before its time.
            _timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Something that is due at a time; link of the list of its duration.</summary>
    public abstract class Deadline
    {
        internal Duration? Among { get; set; }

        internal Deadline? NextDue { get; set; }

        internal Deadline? PreviousDue { get; set; }

        internal long Due { get; set; }

        /// <summary>Runs on the timer's thread: must be short.</summary>
        public abstract void OnDue();
    }

    internal sealed class Duration(long ticks)
    {
        private Deadline? _last;

        public long Ticks { get; } = ticks;

        public Deadline? First { get; private set; }

        public void Append(Deadline deadline)
        {
            deadline.Among = this;
            deadline.PreviousDue = _last;
            if (_last is null)
            {
                First = deadline;
            }
            else
            {
                _last.NextDue = deadline;
            }

            _last = deadline;
        }

        public void Unlink(Deadline deadline)
        {
            if (deadline.PreviousDue is null)
            {
                First = deadline.NextDue;
            }
            else
            {
                deadline.PreviousDue.NextDue = deadline.NextDue;
            }

            if (deadline.NextDue is null)
            {
                _last = deadline.PreviousDue;
            }
            else
            {
                deadline.NextDue.PreviousDue = deadline.PreviousDue;
            }

            deadline.Among = null;
            deadline.NextDue = null;
            deadline.PreviousDue = null;
        }
    }
}
