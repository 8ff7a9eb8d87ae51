namespace Channels.AspNetCore.Connections;

/// <summary>
/// What ended sessions have to say to clients that come back, each for the same while and at most so many: where another one ends, the oldest is forgotten.
/// They are due in the order in which they came.
/// </summary>
/// <param name="settings">For how long and how many.</param>
/// <param name="deadlines">Where the deadline is.</param>
/// <param name="metrics">Counts what is remembered.</param>
internal sealed class SessionFarewells(SessionSettings settings, Deadlines deadlines, SessionMetrics metrics) : IDeadlineListener
{
    private readonly Lock _gate = new();
    private readonly Dictionary<UInt128, Farewell> _known = [];
    private readonly Queue<Farewell> _order = new();

    /// <summary>Remembers what an ended session has to say.</summary>
    /// <param name="id">Hash of the session's id.</param>
    /// <param name="content">What it says.</param>
    public void Add(UInt128 id, object content)
    {
        lock (_gate)
        {
            if (_order.Count == settings.MaxSessions)
            {
                ForgetOldest_NeedsLock();
            }

            var added = new Farewell(id, content, deadlines.Schedule(settings.FarewellLifetime, this));
            metrics.Remembered(settings.Protocol, _known.ContainsKey(id) ? 0 : 1);
            _known[id] = added;
            _order.Enqueue(added);
        }
    }

    /// <summary>What a session said at its end, if that is still remembered.</summary>
    /// <param name="id">Hash of the session's id.</param>
    public object? Find(UInt128 id)
    {
        lock (_gate)
        {
            return _known.TryGetValue(id, out var farewell) ? farewell.Content : null;
        }
    }

    void IDeadlineListener.OnDue(Deadline deadline)
    {
        lock (_gate)
        {
            while (_order.TryPeek(out var oldest) && oldest.Deadline.Due <= deadline.Due)
            {
                ForgetOldest_NeedsLock();
            }
        }
    }

    private void ForgetOldest_NeedsLock()
    {
        var oldest = _order.Dequeue();
        deadlines.Cancel(oldest.Deadline);

        // A later session of the same id has said something else meanwhile.
        if (_known[oldest.Id] == oldest)
        {
            _known.Remove(oldest.Id);
            metrics.Remembered(settings.Protocol, -1);
        }
    }

    private sealed class Farewell(UInt128 id, object content, Deadline deadline)
    {
        public UInt128 Id => id;

        public object Content => content;

        public Deadline Deadline => deadline;
    }
}
