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
        while (true)
        {
            switch (Volatile.Read(ref _signal))
            {
                case Signaled:
                    return;
                case Idle:
                    if (Interlocked.CompareExchange(ref _signal, Signaled, Idle) == Idle)
                    {
                        return;
                    }

                    break;
                default:
                    if (Interlocked.CompareExchange(ref _signal, Idle, Waiting) == Waiting)
                    {
                        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
                        return;
                    }

                    break;
            }
        }
    }

    void IThreadPoolWorkItem.Execute()
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
