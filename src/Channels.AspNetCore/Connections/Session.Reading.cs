namespace Channels.AspNetCore.Connections;

/// <summary>The loop that moves deliveries into the queue.</summary>
internal sealed partial class Session
{
    private TaskCompletionSource? _room;
    private bool _reads;

    /// <summary>Starts reading the connection, which otherwise starts with the first transport.</summary>
    public void Start()
    {
        lock (_gate)
        {
            if (_reads)
            {
                return;
            }

            _reads = true;
        }

        _ = ReadAsync();
    }

    private static SessionEnd EndOf(ConnectionEnd end) => end switch
    {
        ConnectionEnd.TooSlow => SessionEnd.Overflow,
        ConnectionEnd.CallerExpired => SessionEnd.CallerExpired,
        ConnectionEnd.Revoked => SessionEnd.Revoked,
        ConnectionEnd.Draining => SessionEnd.Draining,
        _ => SessionEnd.Closed,
    };

    /// <summary>Ends with the connection; <see cref="Finished"/> says when it has, for whoever shuts down.</summary>
    private async Task ReadAsync()
    {
        try
        {
            while (await Connection.WaitToReadAsync(CancellationToken.None))
            {
                while (_end == SessionEnd.None && Connection.End == ConnectionEnd.None && ReadAvailable())
                {
                    await WaitForRoomAsync();
                }
            }

            Close(EndOf(Connection.End));
        }
        catch (ChannelStoreException exception)
        {
            TransportLog.StoreFailed(_settings.Logger, exception);
            Close(SessionEnd.StoreFailed);
        }
#pragma warning disable CA1031 // the boundary of a session
        catch (Exception exception)
#pragma warning restore CA1031
        {
            TransportLog.SessionFailed(_settings.Logger, exception);
            Close(SessionEnd.Failed);
        }

        await FinishAsync();
    }

    private async Task FinishAsync()
    {
        try
        {
            await Connection.DisposeAsync();
        }
        finally
        {
            LetGo();
        }
    }

    /// <returns>Whether the queue is full, so that there may be more.</returns>
    private bool ReadAvailable()
    {
        try
        {
            while (Connection.TryRead(out var delivery))
            {
                var frame = _setup.Encode(delivery);
                if (!frame.IsEmpty && !Add(frame))
                {
                    return true;
                }
            }

            return false;
        }
        finally
        {
            lock (_gate)
            {
                Offer_NeedsLock();
            }
        }
    }

    /// <returns>Whether there is room for another one.</returns>
    private bool Add(Frame frame)
    {
        lock (_gate)
        {
            if (_end != SessionEnd.None)
            {
                return false;
            }

            // While a transport is attached, reading waits instead; what lies beyond is the connection's lag, which the engine bounds.
            if (_current is not null || !IsFull_NeedsLock)
            {
                _queue.Add(frame);
                return !IsFull_NeedsLock;
            }
        }

        Close(SessionEnd.Overflow);
        return false;
    }

    private async ValueTask WaitForRoomAsync()
    {
        TaskCompletionSource room;
        lock (_gate)
        {
            if (_end != SessionEnd.None || _current is null || !IsFull_NeedsLock)
            {
                return;
            }

            _room = room = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        // The engine may give up a client that takes nothing any more.
        using var ended = Connection.Ended.UnsafeRegister(static waiting => ((TaskCompletionSource)waiting!).TrySetResult(), room);
        await room.Task;
    }

    /// <summary>Lets reading go on if there is room now, or nobody any more who could make some.</summary>
    private void MakeRoom_NeedsLock()
    {
        if (_room is not null && (_end != SessionEnd.None || _current is null || !IsFull_NeedsLock))
        {
            _room.TrySetResult();
            _room = null;
        }
    }
}
