using System.Threading.Tasks.Sources;

namespace Channels.Engine;

/// <summary>Waiting for something to read, and waking up.</summary>
internal sealed partial class ChannelConnection : IValueTaskSource<bool>, IThreadPoolWorkItem
{
    private const int Idle = 0;
    private const int Signaled = 1;
    private const int Waiting = 2;

    private ManualResetValueTaskSourceCore<bool> _wait;
    private CancellationTokenRegistration _cancellation;
    private CancellationToken _waitToken;
    private int _signal;

    public ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (End != ConnectionEnd.None)
            {
                return new(false);
            }

            cancellationToken.ThrowIfCancellationRequested();
            Interlocked.Exchange(ref _signal, Idle);
            _now = _context.Time.GetUtcNow();
            switch (Look())
            {
                case ReaderState.Nothing:
                    _wasIdle = true;
                    if (TryPark(cancellationToken))
                    {
                        return new(this, _wait.Version);
                    }

                    break;
                case ReaderState.NeedsStore:
                    return LoadAsync(cancellationToken);
                default:
                    return new(true);
            }
        }
    }

    /// <summary>Says that there may be something to read.</summary>
    public void Wake()
    {
        if (TrySignal())
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    /// <summary>Says that there may be something to read; the reader may be woken together with others.</summary>
    public void Wake(ref WakeChain chain)
    {
        if (!TrySignal())
        {
            return;
        }

        if (_options.SharesWakeUps)
        {
            chain.Add(this);
        }
        else
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    /// <summary>Who is continued behind it; belongs to whoever won its signal, until it is continued.</summary>
    public ChannelConnection? NextWoken { get; set; }

    void IThreadPoolWorkItem.Execute() => Continue();

    /// <summary>Continues this reader and those behind it.</summary>
    public void ContinueChain()
    {
        for (var connection = this; connection is not null;)
        {
            // Read before: once continued it may be woken again, by another chain.
            var next = connection.NextWoken;
            connection.NextWoken = null;
            connection.Continue();
            connection = next;
        }
    }

    /// <summary>Continues the reader that waited; called by whoever won its signal.</summary>
    private void Continue()
    {
        _cancellation.Dispose();
        _wait.SetResult(End == ConnectionEnd.None);
    }

    bool IValueTaskSource<bool>.GetResult(short token)
    {
        try
        {
            return _wait.GetResult(token);
        }
        finally
        {
            _wait.Reset();
        }
    }

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _wait.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _wait.OnCompleted(continuation, state, token, flags);

    /// <summary>Leaves the signal for a reader that is not waiting.</summary>
    /// <returns>Whether one waited, who must now be continued.</returns>
    private bool TrySignal()
    {
        while (true)
        {
            var signal = Volatile.Read(ref _signal);
            if (signal == Signaled)
            {
                return false;
            }

            if (Interlocked.CompareExchange(ref _signal, signal == Idle ? Signaled : Idle, signal) == signal)
            {
                return signal == Waiting;
            }
        }
    }

    private bool TryPark(CancellationToken cancellationToken)
    {
        _waitToken = cancellationToken;
        _cancellation = cancellationToken.UnsafeRegister(static state => ((ChannelConnection)state!).CancelWait(), this);
        if (Interlocked.CompareExchange(ref _signal, Waiting, Idle) != Idle)
        {
            _cancellation.Dispose();
            return false;
        }

        if (cancellationToken.IsCancellationRequested || End != ConnectionEnd.None)
        {
            // Either may have come before the wait was visible; waking up looks again.
            Wake();
        }

        return true;
    }

    private void CancelWait()
    {
        if (Interlocked.CompareExchange(ref _signal, Idle, Waiting) == Waiting)
        {
            _wait.SetException(new OperationCanceledException(_waitToken));
        }
    }
}
