namespace Channels.AspNetCore.Connections;

/// <summary>One clock for the heartbeats of all connections; its timer runs while somebody listens.</summary>
internal sealed class Heartbeat(TimeProvider time, TimeSpan interval)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _next = NewBeat();
    private ITimer? _timer;
    private int _listeners;

    /// <summary>Completes at the next beat.</summary>
    public Task Next
    {
        get
        {
            lock (_gate)
            {
                return _next.Task;
            }
        }
    }

    /// <summary>Keeps the timer running until the result is disposed.</summary>
    public IDisposable Listen()
    {
        lock (_gate)
        {
            if (_listeners++ == 0)
            {
                _timer = time.CreateTimer(static state => ((Heartbeat)state!).Beat(), this, interval, interval);
            }
        }

        return new Listener(this);
    }

    private static TaskCompletionSource NewBeat() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Beat()
    {
        TaskCompletionSource beat;
        lock (_gate)
        {
            beat = _next;
            _next = NewBeat();
        }

        beat.SetResult();
    }

    private void Leave()
    {
        lock (_gate)
        {
            if (--_listeners == 0)
            {
                _timer?.Dispose();
                _timer = null;
            }
        }
    }

    private sealed class Listener(Heartbeat heartbeat) : IDisposable
    {
        private Heartbeat? _heartbeat = heartbeat;

        public void Dispose() => Interlocked.Exchange(ref _heartbeat, null)?.Leave();
    }
}
