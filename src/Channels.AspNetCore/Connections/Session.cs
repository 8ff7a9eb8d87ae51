using System.Buffers;

namespace Channels.AspNetCore.Connections;

/// <summary>
/// A subscriber that outlives its transport: a connection, a bounded queue of references to its frames, and zero or one attached transport.
/// One loop reads the connection; between two deliveries it holds no thread. What waits for a client is in the queue until it is consumed:
/// in a session with acknowledgement when the client has acknowledged the batch; otherwise when the write has completed while the client
/// was not known to be gone. A write that failed leaves its frames in place, in order, for the next transport.
/// </summary>
internal sealed partial class Session : IDeadlineListener
{
    private readonly Lock _gate = new();
    private readonly SessionSettings _settings;
    private readonly SessionSetup _setup;
    private readonly SessionMetrics _metrics;
    private readonly SessionQueue _queue = new();
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile SessionEnd _end;
    private volatile IDeliveryForm? _messageForm;
    private SessionAttachment? _current;
    private Deadline? _expiry;
    private Frame[]? _flight;
    private long _flightEnd;
    private long _sentTo;
    private long _lastBatch;
    private int _holders = 1;

    public Session(string id, SessionSetup setup, SessionSettings settings, Deadlines deadlines, SessionMetrics metrics)
    {
        Id = id;
        Deadlines = deadlines;
        _setup = setup;
        _settings = settings;
        _metrics = metrics;
    }

    /// <summary>Secret of the client: whoever knows it receives what the session receives.</summary>
    public string Id { get; }

    public IChannelConnection Connection => _setup.Connection;

    /// <summary>What the front end keeps with the session, if anything.</summary>
    public object? State => _setup.State;

    /// <summary>What it says to a client that comes back after the end.</summary>
    public object? Farewell => _setup.Farewell?.Invoke(this);

    /// <summary>
    /// Encodes the messages in place of the setup's encoder, where all of them go by one form: the way through a front end's own objects, which
    /// nothing else of a delivery needs, costs more than the rest of the reading.
    /// </summary>
    public IDeliveryForm? MessageForm
    {
        get => _messageForm;
        set => _messageForm = value;
    }

    /// <summary>Why it ended; <see cref="SessionEnd.None"/> while it lives.</summary>
    public SessionEnd End => _end;

    /// <summary>Completes when the session has ended, its connection is disposed and no transport holds it.</summary>
    public Task Finished => _finished.Task;

    internal Deadlines Deadlines { get; }

    /// <summary>
    /// Attaches a transport. An older one is told <see cref="SessionSignal.Replaced"/> and loses nothing to the newer: what it is writing just
    /// now is either consumed or comes again. In a session with acknowledgement everything that is not acknowledged comes again.
    /// </summary>
    /// <param name="takeOver">Whether to replace an older transport.</param>
    /// <returns><see langword="null"/> when the session has ended, or has a transport that is not to be replaced and does not rest.</returns>
    public SessionAttachment? TryAttach(bool takeOver = true)
    {
        SessionAttachment attachment;
        lock (_gate)
        {
            if (_end != SessionEnd.None || (_current is { IsResting: false } && !takeOver))
            {
                return null;
            }

            Forget_NeedsLock(ref _expiry);
            _holders++;
            _sentTo = 0;
            attachment = new(this, _gate, _settings.CloseTimeout, isGuest: false);
            if (_current is { } older)
            {
                _metrics.TakenOver(_settings.Protocol);
                older.Dismiss_NeedsLock();
            }

            _current = attachment;
        }

        _metrics.Attached(_settings.Protocol, 1);
        Start();
        return attachment;
    }

    /// <summary>Lets the attached transport end, parked or not, so that its client can go on by another one.</summary>
    public void Release()
    {
        lock (_gate)
        {
            _current?.Release_NeedsLock();
        }
    }

    /// <summary>
    /// Answers a request that is not the session's transport, and lets it take along what is due; the transport stays as it is. Nothing is taken
    /// along in a session with acknowledgement, while another write is under way, or once the session has ended.
    /// </summary>
    /// <param name="write">Writes the answer, once: the frames, perhaps none, and what belongs to the request itself.</param>
    /// <param name="maxBytes">How many bytes of frames to take along at most.</param>
    /// <param name="clientLeft">Cancelled when the client is gone: what it took along waits for the transport then.</param>
    public async ValueTask AnswerAsync(SessionWriter write, long maxBytes, CancellationToken clientLeft)
    {
        using var guest = TryVisit();

        // The transport waits for a guest's write, so that it may only take a moment.
        guest?.LimitClosing();
        if (guest is null || await guest.SendDueAsync(write, maxBytes, clientLeft) is SessionSend.Busy or SessionSend.Nothing)
        {
            await write(default, clientLeft);
        }
    }

    /// <summary>Queues a frame of the front end's own, behind what is queued already.</summary>
    /// <returns>Whether the session lives and had room; without room it ends.</returns>
    public bool Enqueue(Frame frame) => Enqueue([frame], onlyIfIdle: false);

    /// <summary>Queues frames that belong together, with nothing between them.</summary>
    /// <returns>Whether the session lives and had room; without room it ends.</returns>
    public bool Enqueue(params ReadOnlySpan<Frame> frames) => Enqueue(frames, onlyIfIdle: false);

    /// <summary>Queues a frame unless others wait or are being written: a client that is sent something needs no sign of life.</summary>
    /// <returns>Whether the session lives.</returns>
    public bool EnqueueIfIdle(Frame frame) => Enqueue([frame], onlyIfIdle: true);

    /// <summary>Lets go of every frame that was first sent with this batch or before it. Acknowledging again is harmless.</summary>
    /// <param name="batch">Number of a batch; 0 for none.</param>
    /// <returns><see langword="false"/> for a number that was never given; nothing happens then.</returns>
    public bool Acknowledge(long batch)
    {
        lock (_gate)
        {
            if (batch < 0 || batch > _lastBatch)
            {
                return false;
            }

            _queue.DropThrough(batch);
            MakeRoom_NeedsLock();
            return true;
        }
    }

    /// <summary>Starts the time anew that the session lives without a transport; nothing happens while it has one.</summary>
    /// <param name="lifetime">How long from now on; normally the settings' time.</param>
    public void Touch(TimeSpan? lifetime = null)
    {
        lock (_gate)
        {
            if (_expiry is not null)
            {
                Deadlines.Cancel(_expiry);
                _expiry = Deadlines.Schedule(lifetime ?? _settings.DetachedLifetime, this);
            }
        }
    }

    /// <summary>Ends the session; a parked request is told, a pending write gets a moment to finish.</summary>
    /// <returns>Whether this ended it, and not something earlier.</returns>
    public bool Close(SessionEnd end = SessionEnd.Closed) => TryEnd(end, expired: null);

    void IDeadlineListener.OnDue(Deadline deadline) => TryEnd(SessionEnd.Expired, deadline);

    /// <summary>Starts the time that it lives without a transport, once it can be found.</summary>
    internal void Open()
    {
        Connection.Held = Hold;
        lock (_gate)
        {
            if (_end == SessionEnd.None && _current is null)
            {
                _expiry ??= Deadlines.Schedule(_settings.DetachedLifetime, this);
            }
        }
    }

    internal SessionSignal Look_NeedsLock(SessionAttachment attachment)
    {
        if (_current != attachment)
        {
            return SessionSignal.Replaced;
        }

        if (attachment.IsReleased)
        {
            return SessionSignal.Released;
        }

        // Another one's write decides first what is left for this one.
        return _flight is not null ? SessionSignal.None
            : _end != SessionEnd.None ? SessionSignal.Ended
            : IsDue_NeedsLock && !attachment.IsResting ? SessionSignal.Frames
            : SessionSignal.None;
    }

    /// <summary>Takes what is due; only one batch is on its way at a time.</summary>
    /// <param name="attachment">Who takes.</param>
    /// <param name="maxBytes">How many bytes of frames at most.</param>
    /// <param name="evenNothing">Whether a batch may be empty.</param>
    /// <param name="batch">What was taken, to be settled.</param>
    internal SessionSend Take(SessionAttachment attachment, long maxBytes, bool evenNothing, out SessionBatch batch)
    {
        lock (_gate)
        {
            return Take_NeedsLock(attachment, maxBytes, evenNothing, out batch);
        }
    }

    internal SessionSend Take_NeedsLock(SessionAttachment attachment, long maxBytes, bool evenNothing, out SessionBatch batch)
    {
        batch = default;
        if (_current != attachment && !attachment.IsGuest)
        {
            return SessionSend.Replaced;
        }

        if (_flight is not null)
        {
            return SessionSend.Busy;
        }

        if (!evenNothing && !IsDue_NeedsLock)
        {
            return SessionSend.Nothing;
        }

        var from = NextToSend_NeedsLock;
        var count = _queue.CountWithin(from, maxBytes);
        _flight = ArrayPool<Frame>.Shared.Rent(count);
        _flightEnd = from + count;
        var number = _setup.Acknowledges ? ++_lastBatch : 0;
        _queue.CopyTo(_flight.AsSpan(0, count), from, number);
        batch = new(number, _flight.AsMemory(0, count));
        return SessionSend.Sent;
    }

    /// <summary>Decides what a write has consumed, and lets the next one go on.</summary>
    internal void Settle(SessionAttachment attachment, bool written)
    {
        Frame[] flight;
        lock (_gate)
        {
            flight = _flight!;
            _flight = null;
            if (written && !_setup.Acknowledges)
            {
                _queue.DropTo(_flightEnd);
            }
            else if (written && _current == attachment)
            {
                _sentTo = _flightEnd;
            }

            MakeRoom_NeedsLock();
            Offer_NeedsLock();
        }

        ArrayPool<Frame>.Shared.Return(flight, clearArray: true);
    }

    internal void Detach(SessionAttachment attachment)
    {
        lock (_gate)
        {
            if (_current == attachment)
            {
                _current = null;
                MakeRoom_NeedsLock();
                _expiry = _end == SessionEnd.None ? Deadlines.Schedule(_settings.DetachedLifetime, this) : null;
            }
        }

        _metrics.Attached(_settings.Protocol, attachment.IsGuest ? 0 : -1);
        LetGo();
    }

    private bool IsFull_NeedsLock => _queue.Count >= _settings.MaxQueuedFrames || _queue.Bytes >= _settings.MaxQueuedBytes;

    private bool IsDue_NeedsLock => NextToSend_NeedsLock < _queue.Tail;

    private long NextToSend_NeedsLock => Math.Max(_sentTo, _queue.Head);

    private bool Enqueue(ReadOnlySpan<Frame> frames, bool onlyIfIdle)
    {
        lock (_gate)
        {
            if (_end != SessionEnd.None)
            {
                return false;
            }

            if (onlyIfIdle && (IsDue_NeedsLock || _flight is not null || IsFull_NeedsLock))
            {
                return true;
            }

            if (!IsFull_NeedsLock)
            {
                foreach (var frame in frames)
                {
                    _queue.Add(frame);
                }

                Offer_NeedsLock();
                return true;
            }
        }

        Close(SessionEnd.Overflow);
        return false;
    }

    /// <summary>A hold for one answer, which replaces nothing.</summary>
    private SessionAttachment? TryVisit()
    {
        lock (_gate)
        {
            if (_end != SessionEnd.None || _setup.Acknowledges || _flight is not null || !IsDue_NeedsLock)
            {
                return null;
            }

            _holders++;
            return new(this, _gate, _settings.CloseTimeout, isGuest: true);
        }
    }

    /// <summary>Tells the attached transport what there is to do, if there is anything.</summary>
    internal void Offer_NeedsLock()
    {
        if (_current is { } attachment && Look_NeedsLock(attachment) is not SessionSignal.None and var signal)
        {
            attachment.Complete_NeedsLock(signal);
        }
    }

    /// <summary>Ends the attached transport's wait, if there is something to do.</summary>
    /// <returns>The transport, to be continued outside the lock.</returns>
    private SessionAttachment? TakeWoken_NeedsLock(out SessionSignal signal)
    {
        signal = SessionSignal.None;
        if (_current is not { } attachment || (signal = Look_NeedsLock(attachment)) == SessionSignal.None || !attachment.TryUnpark_NeedsLock())
        {
            return null;
        }

        if (signal == SessionSignal.Frames)
        {
            attachment.Hand_NeedsLock();
        }

        return attachment;
    }

    private void Forget_NeedsLock(ref Deadline? deadline)
    {
        Deadlines.Cancel(deadline);
        deadline = null;
    }
}
