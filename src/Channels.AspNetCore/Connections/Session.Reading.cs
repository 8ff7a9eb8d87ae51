namespace Channels.AspNetCore.Connections;

/// <summary>The loop that moves deliveries into the queue.</summary>
internal sealed partial class Session
{
    private TaskCompletionSource? _room;
    private TaskCompletionSource? _paused;
    private TaskCompletionSource? _resumed;
    private volatile int _holds;
    private bool _isReading;
    private bool _reads;

    /// <summary>How many frames wait for the client, those included that it has not acknowledged.</summary>
    public int Queued
    {
        get
        {
            lock (_gate)
            {
                return _queue.Count;
            }
        }
    }

    /// <summary>
    /// Reads nothing more from the connection until the hold is disposed; what was read before is queued. Frames that are queued meanwhile come
    /// before everything that the connection delivers later.
    /// </summary>
    public async ValueTask<SessionHold> HoldAsync()
    {
        TaskCompletionSource? reading = null;
        lock (_gate)
        {
            _holds++;
            if (_isReading)
            {
                reading = _paused ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }

        if (reading is not null)
        {
            await reading.Task;
        }

        return new(this);
    }

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

    internal void EndHold()
    {
        lock (_gate)
        {
            if (--_holds == 0)
            {
                _resumed?.TrySetResult();
                _resumed = null;
            }
        }
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
                    await WaitForHoldAsync();
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

    /// <returns>Whether reading was interrupted, by a full queue or a hold, so that there may be more.</returns>
    private bool ReadAvailable()
    {
        if (!TryStartReading())
        {
            return true;
        }

        SessionAttachment? woken = null;
        var signal = SessionSignal.None;
        try
        {
            while (Connection.TryRead(out var delivery))
            {
                var frame = _setup.Encode(delivery);
                if ((!frame.IsEmpty && !Add(frame)) || _holds > 0)
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
                _isReading = false;
                _paused?.TrySetResult();
                _paused = null;
                woken = TakeWoken_NeedsLock(out signal);
            }

            // This thread continues several readers one after the other. What the transport does now is to start a write and wait again, so
            // that a hop to the pool for each would only cost.
            woken?.Continue(signal);
        }
    }

    /// <returns>Whether nothing holds the session.</returns>
    private bool TryStartReading()
    {
        lock (_gate)
        {
            return _isReading = _holds == 0;
        }
    }

    private ValueTask WaitForHoldAsync()
    {
        lock (_gate)
        {
            return _holds == 0 ? default : new((_resumed ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task);
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

    /// <summary>What waits for the client, for the registry of connections.</summary>
    private ConnectionQueue Hold()
    {
        lock (_gate)
        {
            return new(_queue.Count, _queue.Bytes);
        }
    }
}
