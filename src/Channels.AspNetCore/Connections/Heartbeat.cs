namespace Channels.AspNetCore.Connections;

/// <summary>One clock for the heartbeats of all connections; its timer runs while somebody listens.</summary>
internal sealed class Heartbeat(TimeProvider time, TimeSpan interval)
{
    private readonly Lock _gate = new();
    private readonly HashSet<IHeartbeatListener> _listeners = [];
    private ITimer? _timer;

    public void Add(IHeartbeatListener listener)
    {
        lock (_gate)
        {
            _listeners.Add(listener);
            _timer ??= time.CreateTimer(static state => ((Heartbeat)state!).Beat(), this, interval, interval);
        }
    }

    public void Remove(IHeartbeatListener listener)
    {
        lock (_gate)
        {
            if (_listeners.Remove(listener) && _listeners.Count == 0)
            {
                _timer?.Dispose();
                _timer = null;
            }
        }
    }

    private void Beat()
    {
        IHeartbeatListener[] listeners;
        lock (_gate)
        {
            listeners = [.. _listeners];
        }

        foreach (var listener in listeners)
        {
            listener.OnBeat();
        }
    }
}
