namespace Channels.AspNetCore.Connections;

/// <summary>Sending: what is taken from the queue is settled when its write has ended.</summary>
internal sealed partial class SessionAttachment
{
    private SessionBatch _handed;
    private long _handedBytes;

    /// <summary>Takes what is due for a transport that sends everything that comes, whose wait has just ended: it finds it at hand.</summary>
    internal void Hand_NeedsLock()
    {
        if (_handedBytes > 0)
        {
            _session.Take_NeedsLock(this, _handedBytes, evenNothing: false, out _handed);
        }
    }

    private ValueTask<SessionSend> SendAsync(SessionWriter write, long maxBytes, bool evenNothing, CancellationToken clientLeft)
    {
        var taken = _session.Take(this, maxBytes, evenNothing, out var batch);
        return taken == SessionSend.Sent ? WriteAsync(write, batch, clientLeft) : new(taken);
    }

    /// <summary>Writes what was taken. Where the transport takes it at once, as it mostly does, nothing is waited for.</summary>
    private ValueTask<SessionSend> WriteAsync(SessionWriter write, SessionBatch batch, CancellationToken clientLeft)
    {
        ValueTask writing;
        try
        {
            writing = write(batch, Stop);
        }
        catch (Exception exception)
        {
            // Whoever waits for the write is told.
            writing = ValueTask.FromException(exception);
        }

        return writing.IsCompletedSuccessfully ? new(Settle(clientLeft)) : FinishAsync(writing, clientLeft);
    }

    private async ValueTask<SessionSend> FinishAsync(ValueTask writing, CancellationToken clientLeft)
    {
        try
        {
            await writing;
        }
        catch
        {
            _session.Settle(this, written: false);
            throw;
        }

        return Settle(clientLeft);
    }

    private SessionSend Settle(CancellationToken clientLeft)
    {
        var written = !clientLeft.IsCancellationRequested;
        _session.Settle(this, written);
        return written ? SessionSend.Sent : SessionSend.ClientLeft;
    }

    private bool TryTakeHanded(out SessionBatch batch)
    {
        (batch, _handed) = (_handed, default);
        return !batch.Frames.IsEmpty;
    }
}
