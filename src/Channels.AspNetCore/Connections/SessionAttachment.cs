using System.Threading.Tasks.Sources;

namespace Channels.AspNetCore.Connections;

/// <summary>
/// A transport's hold on its session: one request that waits and answers, or a socket or stream that sends for as long as it lasts. For one
/// user at a time. Disposing detaches it; what it did not consume waits for the next one.
/// </summary>
internal sealed partial class SessionAttachment : IValueTaskSource<SessionSignal>, IDeadlineListener, IDisposable
{
    private readonly Session _session;
    private readonly Lock _gate;
    private readonly TimeSpan _closeTimeout;
    private readonly CancellationTokenSource _stop = new();
    private ManualResetValueTaskSourceCore<SessionSignal> _wait;
    private CancellationTokenRegistration _left;
    private Deadline? _window;
    private Deadline? _grace;
    private Deadline? _rest;
    private bool _parked;
    private bool _disposed;

    public SessionAttachment(Session session, Lock gate, TimeSpan closeTimeout, bool isGuest)
    {
        _session = session;
        _gate = gate;
        _closeTimeout = closeTimeout;
        IsGuest = isGuest;
        Stop = _stop.Token;
    }

    public Session Session => _session;

    /// <summary>How long a last write and a closing handshake may take.</summary>
    public TimeSpan CloseTimeout => _closeTimeout;

    /// <summary>Cancelled when the transport is no longer wanted, or closes by itself, and the time to finish a write or a closing handshake is over.</summary>
    public CancellationToken Stop { get; }

    /// <summary>Waits until there is something to do.</summary>
    /// <param name="window">How long at most; <see langword="null"/> for as long as the transport lasts, zero for no wait.</param>
    /// <param name="clientLeft">Cancelled when the client is gone.</param>
    public ValueTask<SessionSignal> WaitAsync(TimeSpan? window, CancellationToken clientLeft) =>
        WaitAsync(window, isToldOfLeaving: false, clientLeft);

    /// <summary>
    /// Sends what is due, at least one frame if there is any. It is consumed when the write completes and the client is not known to be gone,
    /// or by acknowledgement; a write that throws consumes nothing, though part of it may have reached the client.
    /// </summary>
    /// <param name="write">Writes and flushes. Told an empty batch when nothing is due.</param>
    /// <param name="maxBytes">How many bytes of frames to send at most.</param>
    /// <param name="clientLeft">Cancelled when the client is gone: a server may accept writes that nobody will read.</param>
    public ValueTask<SessionSend> SendAsync(SessionWriter write, long maxBytes, CancellationToken clientLeft) =>
        SendAsync(write, maxBytes, evenNothing: true, clientLeft);

    /// <summary>Sends what is due, as <see cref="SendAsync(SessionWriter, long, CancellationToken)"/> does, unless that is nothing.</summary>
    public ValueTask<SessionSend> SendDueAsync(SessionWriter write, long maxBytes, CancellationToken clientLeft) =>
        SendAsync(write, maxBytes, evenNothing: false, clientLeft);

    /// <summary>Sends everything that comes, for as long as both the session and this transport last; what is queued when the session ends too.</summary>
    /// <param name="write">Writes and flushes; never told an empty batch.</param>
    /// <param name="maxBytes">How many bytes of frames to send in one write at most.</param>
    /// <param name="clientLeft">Cancelled when the client is gone.</param>
    /// <returns>Why it is over: <see cref="SessionSignal.Replaced"/>, <see cref="SessionSignal.Released"/>, <see cref="SessionSignal.Ended"/> or <see cref="SessionSignal.ClientLeft"/>.</returns>
    public async ValueTask<SessionSignal> ServeAsync(SessionWriter write, long maxBytes, CancellationToken clientLeft)
    {
        // Once for all waits. A write that is pending when the client leaves gets no more than a moment.
        using var left = clientLeft.UnsafeRegister(
            static held =>
            {
                var attachment = (SessionAttachment)held!;
                attachment.LimitClosing();
                attachment.Leave();
            },
            this);
        _handedBytes = maxBytes;
        try
        {
            while (true)
            {
                var signal = await WaitAsync(window: null, isToldOfLeaving: true, clientLeft);
                if (signal is not (SessionSignal.Frames or SessionSignal.Ended))
                {
                    return signal;
                }

                switch (await (TryTakeHanded(out var handed) ? WriteAsync(write, handed, clientLeft) : SendDueAsync(write, maxBytes, clientLeft)))
                {
                    case SessionSend.ClientLeft:
                        return _session.End == SessionEnd.None ? SessionSignal.ClientLeft : SessionSignal.Ended;
                    case SessionSend.Replaced:
                        return SessionSignal.Replaced;
                    case SessionSend.Nothing when signal == SessionSignal.Ended:
                        return signal;
                }
            }
        }
        finally
        {
            _handedBytes = 0;
        }
    }

    /// <summary>Serves one parked request: waits until there is something to say, and says it once together with what is due.</summary>
    /// <param name="window">How long to wait at most; <see langword="null"/> for as long as the request lasts, zero for no wait.</param>
    /// <param name="maxBytes">How many bytes of frames to send at most.</param>
    /// <param name="answer">Writes the answer; not called when the client is gone before.</param>
    /// <param name="clientLeft">Cancelled when the client is gone.</param>
    /// <returns>What the answer was told, or <see cref="SessionSignal.ClientLeft"/>.</returns>
    public async ValueTask<SessionSignal> AnswerAsync(TimeSpan? window, long maxBytes, SessionAnswer answer, CancellationToken clientLeft)
    {
        using var limit = clientLeft.UnsafeRegister(static held => ((SessionAttachment)held!).LimitClosing(), this);
        var since = _session.Deadlines.Now;
        var left = window;
        while (true)
        {
            var signal = await WaitAsync(left, clientLeft);
            if (signal == SessionSignal.ClientLeft)
            {
                return signal;
            }

            SessionWriter write = (batch, stop) => answer(signal, batch, stop);
            var sent = await SendAsync(write, maxBytes, evenNothing: signal != SessionSignal.Frames, clientLeft);
            if (signal == SessionSignal.Frames && sent is SessionSend.Busy or SessionSend.Nothing)
            {
                // Another answer takes it along.
                left = window - (_session.Deadlines.Now - since);
                continue;
            }

            signal = sent switch
            {
                SessionSend.ClientLeft => SessionSignal.ClientLeft,
                SessionSend.Replaced => SessionSignal.Replaced,
                _ => signal,
            };
            if (sent is SessionSend.Busy or SessionSend.Replaced)
            {
                await answer(signal, default, Stop);
            }

            return signal;
        }
    }

    /// <summary>Ends this transport soon, parked or not, so that its client goes on by another one.</summary>
    public void Release()
    {
        lock (_gate)
        {
            Release_NeedsLock();
        }
    }

    /// <summary>
    /// Sends nothing for a while: the client is expected to go on by another transport, and may be gone from this one already. The next one takes over
    /// even if it would not replace another.
    /// </summary>
    public void Rest(TimeSpan time)
    {
        lock (_gate)
        {
            if (!_disposed)
            {
                _rest ??= _session.Deadlines.Schedule(time, this);
            }
        }
    }

    /// <summary>Starts the time after which <see cref="Stop"/> is cancelled, if it does not run yet: this transport is closing by itself.</summary>
    public void LimitClosing()
    {
        lock (_gate)
        {
            LimitClosing_NeedsLock();
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            _session.Deadlines.Cancel(_grace);
            _session.Deadlines.Cancel(_window);
            _session.Deadlines.Cancel(_rest);
        }

        _session.Detach(this);
        _stop.Dispose();
    }

    SessionSignal IValueTaskSource<SessionSignal>.GetResult(short token)
    {
        _left.Dispose();
        return _wait.GetResult(token);
    }

    ValueTaskSourceStatus IValueTaskSource<SessionSignal>.GetStatus(short token) => _wait.GetStatus(token);

    void IValueTaskSource<SessionSignal>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _wait.OnCompleted(continuation, state, token, flags);

    void IDeadlineListener.OnDue(Deadline deadline)
    {
        lock (_gate)
        {
            if (deadline == _window)
            {
                Complete_NeedsLock(SessionSignal.WindowClosed);
                return;
            }

            if (deadline == _rest)
            {
                _rest = null;
                _session.Offer_NeedsLock();
                return;
            }

            if (deadline != _grace || _disposed)
            {
                return;
            }
        }

        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has just let go by itself.
        }
    }

    /// <summary>Whether it only takes along what is due, without being the session's transport.</summary>
    internal bool IsGuest { get; }

    /// <summary>Whether it sends nothing for now.</summary>
    internal bool IsResting => _rest is not null;

    /// <summary>Whether its client is to go on by another transport.</summary>
    internal bool IsReleased { get; private set; }

    internal void Release_NeedsLock()
    {
        IsReleased = true;
        Complete_NeedsLock(SessionSignal.Released);
    }

    internal void LimitClosing_NeedsLock()
    {
        if (!_disposed)
        {
            _grace ??= _session.Deadlines.Schedule(_closeTimeout, this);
        }
    }

    /// <summary>Ends the wait, if there is one; the first cause wins. The transport goes on by itself, on the pool.</summary>
    internal void Complete_NeedsLock(SessionSignal signal)
    {
        if (TryUnpark_NeedsLock())
        {
            _wait.RunContinuationsAsynchronously = true;
            _wait.SetResult(signal);
        }
    }

    /// <summary>Ends the wait, if there is one; the first cause wins.</summary>
    /// <returns>Whether there was one, so that the caller has to continue the transport.</returns>
    internal bool TryUnpark_NeedsLock()
    {
        if (!_parked)
        {
            return false;
        }

        _parked = false;
        _session.Deadlines.Cancel(_window);
        _window = null;
        return true;
    }

    /// <summary>Continues a transport whose wait has ended, on this thread; without the lock.</summary>
    internal void Continue(SessionSignal signal)
    {
        _wait.RunContinuationsAsynchronously = false;
        _wait.SetResult(signal);
    }

    /// <summary>Tells that a newer transport has the session; this one gets a moment to finish.</summary>
    internal void Dismiss_NeedsLock()
    {
        Complete_NeedsLock(SessionSignal.Replaced);
        LimitClosing_NeedsLock();
    }

    /// <param name="window">How long at most; <see langword="null"/> for as long as the transport lasts, zero for no wait.</param>
    /// <param name="isToldOfLeaving">Whether <see cref="Leave"/> is called anyhow when the client is gone.</param>
    /// <param name="clientLeft">Cancelled when the client is gone.</param>
    private ValueTask<SessionSignal> WaitAsync(TimeSpan? window, bool isToldOfLeaving, CancellationToken clientLeft)
    {
        // An ended session comes first: whoever ends it may close the transport at the same moment, which looks like a client that left.
        if (clientLeft.IsCancellationRequested && _session.End == SessionEnd.None)
        {
            return new(SessionSignal.ClientLeft);
        }

        lock (_gate)
        {
            var signal = _session.Look_NeedsLock(this);
            if (signal == SessionSignal.None && window <= TimeSpan.Zero)
            {
                signal = SessionSignal.WindowClosed;
            }

            if (signal != SessionSignal.None)
            {
                return new(signal);
            }

            _wait.Reset();
            _parked = true;
            _window = window is { } limit ? _session.Deadlines.Schedule(limit, this, limit / 100) : null;
        }

        // Outside the lock: a client that has just gone is told here at once.
        var version = _wait.Version;
        if (!isToldOfLeaving)
        {
            _left = clientLeft.UnsafeRegister(static attachment => ((SessionAttachment)attachment!).Leave(), this);
        }
        else if (clientLeft.IsCancellationRequested)
        {
            Leave();
        }

        return new(this, version);
    }

    private void Leave()
    {
        lock (_gate)
        {
            Complete_NeedsLock(SessionSignal.ClientLeft);
        }
    }
}
