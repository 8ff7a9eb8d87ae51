namespace Channels.AspNetCore.Connections;

/// <summary>How it ends, and when nothing of it is left.</summary>
internal sealed partial class Session
{
    private bool TryEnd(SessionEnd end, Deadline? expired)
    {
        bool reads;
        lock (_gate)
        {
            if (_end != SessionEnd.None || (expired is not null && expired != _expiry))
            {
                return false;
            }

            _end = end;
            reads = _reads;
            _reads = true;
            Forget_NeedsLock(ref _expiry);
            if (end == SessionEnd.Revoked)
            {
                // Whoever is shut out gets nothing more; otherwise what was queued may still go out.
                _queue.DropTo(_queue.Tail);
            }

            MakeRoom_NeedsLock();
            _current?.LimitClosing_NeedsLock();
            Offer_NeedsLock();
        }

        _metrics.Ended(_settings.Protocol, end);
        _setup.Ended?.Invoke(this);
        Connection.Close(ConnectionEnd.Closed);
        if (!reads)
        {
            _ = FinishAsync();
        }

        return true;
    }

    /// <summary>The last one to let go of an ended session finishes it.</summary>
    private void LetGo()
    {
        lock (_gate)
        {
            if (--_holders > 0)
            {
                return;
            }

            _queue.DropTo(_queue.Tail);
        }

        _finished.TrySetResult();
    }
}
