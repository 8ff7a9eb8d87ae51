namespace Channels.AspNetCore.SocketIo.Packets;

/// <summary>What a socket has to do, one at a time and in order, while the client's other packets are received.</summary>
/// <param name="capacity">How much may wait.</param>
#pragma warning disable CA1001 // whoever still works may ask for the token, which holds nothing that needs disposing
internal sealed class SocketIoInbox(int capacity)
#pragma warning restore CA1001
{
    private readonly Lock _gate = new();
    private readonly Queue<Func<CancellationToken, ValueTask>> _waiting = [];
    private readonly CancellationTokenSource _closed = new();
    private TaskCompletionSource? _room;
    private bool _handles;
    private bool _isClosed;

    /// <summary>Adds work, which must not throw; completes when there is room for more.</summary>
    public async ValueTask AddAsync(Func<CancellationToken, ValueTask> work)
    {
        TaskCompletionSource? room = null;
        lock (_gate)
        {
            if (_isClosed)
            {
                return;
            }

            _waiting.Enqueue(work);
            if (_handles)
            {
                room = _waiting.Count >= capacity ? _room ??= new(TaskCreationOptions.RunContinuationsAsynchronously) : null;
            }
            else
            {
                _handles = true;
                _ = HandleAllAsync();
            }
        }

        if (room is not null)
        {
            await room.Task;
        }
    }

    /// <summary>Forgets what waits; what is being handled is told.</summary>
    /// <returns>Whether it was open.</returns>
    public bool Close()
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return false;
            }

            _isClosed = true;
            _waiting.Clear();
            MakeRoom_NeedsLock();
        }

        _ = _closed.CancelAsync();
        return true;
    }

    private async Task HandleAllAsync()
    {
        // Never on the thread, and under the lock, of whoever adds.
        await Task.Yield();
        while (TryTake(out var work))
        {
            await work(_closed.Token);
        }
    }

    private bool TryTake(out Func<CancellationToken, ValueTask> work)
    {
        lock (_gate)
        {
            MakeRoom_NeedsLock();
            _handles = _waiting.TryDequeue(out work!);
            return _handles;
        }
    }

    private void MakeRoom_NeedsLock()
    {
        if (_isClosed || _waiting.Count <= capacity)
        {
            _room?.TrySetResult();
            _room = null;
        }
    }
}
