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

        // The last frame goes into the queue when the reading ends, for which the lock is taken anyhow; so one more than the bound may come in.
        var last = default(Frame);
        var hasMore = false;
        try
        {
            while (!hasMore && Connection.TryRead(out var delivery))
            {
                // First what was read before: a front end may queue something by itself while it encodes what follows.
                hasMore = !last.IsEmpty && !Add(last);
                last = delivery.Kind == DeliveryKind.Message && _messageForm is { } form ? form.Encode(delivery) : _setup.Encode(delivery);
                hasMore |= _holds > 0;
            }
        }
        finally
        {
            hasMore |= EndReading(last);
        }

        return hasMore;
    }

    /// <returns>Whether there may be more to read, but no room for it.</returns>
    private bool EndReading(Frame last)
    {
        SessionAttachment? woken;
        SessionSignal signal;
        bool hasRoom;
        bool isOverflow;
        lock (_gate)
        {
            hasRoom = Add_NeedsLock(last, out isOverflow);
            _isReading = false;
            _paused?.TrySetResult();
            _paused = null;
            woken = TakeWoken_NeedsLock(out signal);
        }

        if (isOverflow)
        {
            Close(SessionEnd.Overflow);
        }

        // This thread continues several readers one after the other. What the transport does now is to start a write and wait again, so
        // that a hop to the pool for each would only cost.
        woken?.Continue(signal);
        return !hasRoom;
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
        bool hasRoom;
        bool isOverflow;
        lock (_gate)
        {
            hasRoom = Add_NeedsLock(frame, out isOverflow);
        }

        if (isOverflow)
        {
            Close(SessionEnd.Overflow);
        }

        return hasRoom;
    }

    /// <param name="frame">The frame; an empty one changes nothing.</param>
    /// <param name="isOverflow">Whether there was no room for it, so that the session has to end.</param>
    /// <returns>Whether there is room for another one.</returns>
    private bool Add_NeedsLock(Frame frame, out bool isOverflow)
    {
        isOverflow = false;
        if (_end != SessionEnd.None)
        {
            return false;
        }

        if (frame.IsEmpty)
        {
            return true;
        }

        // While a transport is attached, reading waits instead; what lies beyond is the connection's lag, which the engine bounds.
        isOverflow = _current is null && IsFull_NeedsLock;
        if (!isOverflow)
        {
            _queue.Add(frame);
        }

        return !isOverflow && !IsFull_NeedsLock;
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
