namespace Channels.AspNetCore.SocketIo.Packets;

/// <summary>What a socket has to do, one at a time and in order, while the client's other packets are received.</summary>
/// <param name="capacity">How much may wait.</param>
/// <param name="maxBytes">How many bytes what waits may have.</param>
#pragma warning disable CA1001 // whoever still works may ask for the token, which holds nothing that needs disposing
internal sealed class SocketIoInbox(int capacity, int maxBytes)
#pragma warning restore CA1001
{
    private readonly Lock _gate = new();
    private readonly Queue<(Func<CancellationToken, ValueTask> Work, int Bytes)> _waiting = [];
    private readonly CancellationTokenSource _closed = new();
    private TaskCompletionSource? _room;
    private long _bytes;
    private bool _handles;
    private bool _isClosed;

    /// <summary>Adds work, which must not throw; completes when there is room for more.</summary>
    /// <param name="work">What to do.</param>
    /// <param name="bytes">What it keeps in memory.</param>
    public async ValueTask AddAsync(Func<CancellationToken, ValueTask> work, int bytes)
    {
        TaskCompletionSource? room = null;
        lock (_gate)
        {
            if (_isClosed)
            {
                return;
            }

            _waiting.Enqueue((work, bytes));
            _bytes += bytes;
            if (_handles)
            {
                room = HasRoom_NeedsLock() ? null : _room ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
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
            _bytes = 0;
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
            _handles = _waiting.TryDequeue(out var next);
            work = next.Work;
            _bytes -= next.Bytes;
            MakeRoom_NeedsLock();
            return _handles;
        }
    }

    private void MakeRoom_NeedsLock()
    {
        if (_isClosed || HasRoom_NeedsLock())
        {
            _room?.TrySetResult();
            _room = null;
        }
    }

    private bool HasRoom_NeedsLock() => _waiting.Count < capacity && _bytes <= maxBytes;
}
