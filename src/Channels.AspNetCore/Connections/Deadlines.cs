namespace Channels.AspNetCore.Connections;

/// <summary>The deadlines of all sessions and parked requests of a front end, for those that wait for several at once.</summary>
internal sealed class Deadlines(TimeProvider time) : IDisposable
{
    private readonly DeadlineQueue _queue = new(time);

    public TimeProvider Time => time;

    /// <summary>What the clock shows, since its start.</summary>
    public TimeSpan Now => _queue.Now;

    /// <summary>Schedules a deadline.</summary>
    /// <param name="after">How long from now.</param>
    /// <param name="listener">Who is told.</param>
    /// <param name="tolerance">By how much it may be late, so that it is due together with others.</param>
    /// <returns>What the listener will be told, and what cancels it.</returns>
    public Deadline Schedule(TimeSpan after, IDeadlineListener listener, TimeSpan tolerance = default)
    {
        var deadline = new ListenerDeadline(listener);
        _queue.Add(deadline, after, tolerance);
        return deadline;
    }

    /// <summary>Forgets a deadline, if there is one.</summary>
    public void Cancel(Deadline? deadline)
    {
        if (deadline is not null)
        {
            _queue.Remove(deadline);
        }
    }

    public void Dispose() => _queue.Dispose();

    private sealed class ListenerDeadline(IDeadlineListener listener) : Deadline
    {
        public override void OnDue() => listener.OnDue(this);
    }
}
