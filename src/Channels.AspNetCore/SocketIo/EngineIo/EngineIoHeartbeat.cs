using Channels.AspNetCore.Connections;

namespace Channels.AspNetCore.SocketIo.EngineIo;

/// <summary>
/// Finds out when a client is gone. In revision 3 the client pings, and must be heard of once in the interval and the timeout together; in
/// revision 4 the server pings, counted from the last pong. Source: docs/protocols/socketio.md#heartbeat
/// </summary>
internal sealed class EngineIoHeartbeat(EngineIoSession session, EngineIoSettings settings) : IDeadlineListener
{
    // Sessions are asked many at a time: for each by itself the server would be woken as often as there are sessions, which costs three times as much.
    private readonly TimeSpan _tolerance = settings.PingInterval / 100;
    private readonly Lock _gate = new();
    private Deadline? _deadline;
    private long _overAt = long.MaxValue;
    private bool _awaitsPong;
    private bool _extended;
    private bool _stopped;

    /// <summary>Whether the client's time is over. Timers are a little late, so requests that come meanwhile ask.</summary>
    public bool IsOver => Left <= TimeSpan.Zero;

    private bool Pings => session.Revision == EngineIoRevision.V4;

    private TimeSpan Whole => settings.PingInterval + settings.PingTimeout;

    private TimeSpan Left => TimeSpan.FromTicks(Volatile.Read(ref _overAt)) - session.Deadlines.Now;

    public void Start()
    {
        lock (_gate)
        {
            Grant(Whole);
            Schedule_NeedsLock(Pings ? settings.PingInterval : Whole);
        }
    }

    public void Stop()
    {
        lock (_gate)
        {
            _stopped = true;
            session.Deadlines.Cancel(_deadline);
            _deadline = null;
        }
    }

    /// <summary>Takes note of any packet but a pong. One that comes instead of an awaited pong gives the client its time once more.</summary>
    public void Heard()
    {
        if (!Pings)
        {
            Grant(Whole);
            return;
        }

        if (!Volatile.Read(ref _awaitsPong))
        {
            return;
        }

        lock (_gate)
        {
            if (_awaitsPong && !_extended)
            {
                _extended = true;
                Grant(settings.PingTimeout);
                Schedule_NeedsLock(settings.PingTimeout);
            }
        }
    }

    /// <summary>Takes note of a pong, from which the next interval counts.</summary>
    public void Answered()
    {
        lock (_gate)
        {
            _awaitsPong = false;
            _extended = false;
            Grant(Whole);
            Schedule_NeedsLock(settings.PingInterval);
        }
    }

    void IDeadlineListener.OnDue(Deadline deadline)
    {
        lock (_gate)
        {
            if (_stopped || deadline != _deadline)
            {
                return;
            }

            if (!Pings && Left is var left && left > TimeSpan.Zero)
            {
                Schedule_NeedsLock(left);
                return;
            }

            if (Pings && !_awaitsPong)
            {
                _awaitsPong = true;
                Schedule_NeedsLock(settings.PingTimeout);
            }
            else
            {
                _stopped = true;
                _deadline = null;
            }
        }

        if (Volatile.Read(ref _stopped))
        {
            session.Lose();
        }
        else
        {
            session.Send(EngineIoFrames.Ping);
        }
    }

    private void Grant(TimeSpan time) => Volatile.Write(ref _overAt, (session.Deadlines.Now + time).Ticks);

    private void Schedule_NeedsLock(TimeSpan after)
    {
        if (!_stopped)
        {
            session.Deadlines.Cancel(_deadline);
            _deadline = session.Deadlines.Schedule(after, this, _tolerance);
        }
    }
}
