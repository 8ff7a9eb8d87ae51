using Channels.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;

namespace Channels.AspNetCore.SocketIo.EngineIo;

/// <summary>One client. What waits for it is in the session of the shared kit, whatever transport it has; this is the protocol around that.</summary>
internal sealed class EngineIoSession
{
    private readonly Lock _gate = new();
    private readonly EngineIoHeartbeat _heartbeat;
    private readonly TimeSpan _closeTimeout;
    private Session? _session;
    private IEngineIoMessages? _messages;
    private EngineIoTransport _transport;
    private bool _isUpgrading;
    private SessionAttachment? _waitingPoll;
    private bool _isPosting;
    private bool _isClosing;
    private bool _closedByClient;
    private bool _hasEnded;
    private volatile bool _takesBase64;

    public EngineIoSession(EngineIoRequest request, EngineIoRevision revision, EngineIoSettings settings)
    {
        Revision = revision;
        Query = request.Query;
        _transport = request.Transport!.Value;
        _takesBase64 = request.TakesBase64;
        _closeTimeout = settings.PollingCloseTimeout;
        _heartbeat = new(this, settings);
    }

    /// <summary>Secret of the client.</summary>
    public string Id => _session!.Id;

    public EngineIoRevision Revision { get; }

    /// <summary>What the client said when it opened the session.</summary>
    public IQueryCollection Query { get; }

    public IChannelConnection Connection => _session!.Connection;

    public Deadlines Deadlines => _session!.Deadlines;

    public SessionEnd End => _session!.End;

    /// <summary>Whether the client has not been heard of for so long that the session is to end.</summary>
    public bool IsOver => _heartbeat.IsOver;

    public EngineIoTransport Transport
    {
        get
        {
            lock (_gate)
            {
                return _transport;
            }
        }
    }

    /// <summary>Whether the client takes no binary; once it has said so, for good. Only in revision 3.</summary>
    public bool TakesBase64 => _takesBase64;

    /// <summary>Begins, once the session can be found.</summary>
    public void Start(Session session, Frame open, IEngineIoApplication application)
    {
        _session = session;
        session.Enqueue(open);
        var messages = application.Open(this);
        bool hasEnded;
        lock (_gate)
        {
            _messages = messages;
            hasEnded = _hasEnded;
        }

        if (hasEnded)
        {
            messages.OnClosed();
            return;
        }

        session.Start();
        _heartbeat.Start();
    }

    /// <summary>Lets messages go by one form, or all deliveries by <see cref="IEngineIoMessages.Encode"/> again.</summary>
    public void DeliverBy(IDeliveryForm? form) => _session!.MessageForm = form;

    public Frame Encode(in Delivery delivery) => _messages!.Encode(delivery);

    /// <summary>Queues a frame.</summary>
    public void Send(Frame frame) => _session!.Enqueue(frame);

    /// <summary>Queues a text message.</summary>
    public void SendText(ReadOnlySpan<byte> text) => Send(EngineIoFrames.Packet(EngineIoPacketType.Message, text));

    /// <summary>Queues a binary message.</summary>
    public void SendBinary(ReadOnlySpan<byte> bytes) => Send(EngineIoFrames.Binary(bytes, Revision, _takesBase64));

    /// <summary>Queues a text message and the binary messages that belong to it, with nothing between them.</summary>
    public void SendTogether(ReadOnlySpan<byte> text, ReadOnlySpan<ReadOnlyMemory<byte>> attachments)
    {
        var frames = new Frame[1 + attachments.Length];
        frames[0] = EngineIoFrames.Packet(EngineIoPacketType.Message, text);
        for (var i = 0; i < attachments.Length; i++)
        {
            frames[i + 1] = EngineIoFrames.Binary(attachments[i].Span, Revision, _takesBase64);
        }

        _session!.Enqueue(frames);
    }

    /// <summary>Ends the session behind what is queued; a client that polls is told by the poll that is open, or by its next one.</summary>
    public void Close()
    {
        lock (_gate)
        {
            if (_isClosing)
            {
                return;
            }

            _isClosing = true;
        }

        if (Transport == EngineIoTransport.Polling)
        {
            Send(EngineIoFrames.Close);
            _session!.Touch(_closeTimeout);
        }
        else
        {
            Lose();
        }
    }

    /// <summary>Ends the session at once: its client is gone, has said so, or cannot be understood.</summary>
    public void Lose() => _session!.Close();

    /// <summary>Called once when the session has ended.</summary>
    public void OnEnded()
    {
        _heartbeat.Stop();
        IEngineIoMessages? messages;
        lock (_gate)
        {
            _hasEnded = true;
            messages = _messages;
        }

        messages?.OnClosed();
    }

    public void NoteBase64() => _takesBase64 = true;

    /// <summary>Gives a poll its hold on the session. A second one while the first is not answered ends the session.</summary>
    /// <returns>Whether it may wait; <see langword="null"/> when the session is not for polls any more.</returns>
    public bool? TryPoll(out SessionAttachment? attachment)
    {
        attachment = null;
        lock (_gate)
        {
            if (_transport != EngineIoTransport.Polling)
            {
                return null;
            }

            if (_waitingPoll is not null)
            {
                return false;
            }

            // One that is being answered may still hold it: its client has the answer before we know.
            attachment = _session!.TryAttach();
            _waitingPoll = attachment;
            return attachment is null ? null : true;
        }
    }

    /// <summary>A poll is being answered; it may not be the open one any more, since its client has the answer before we know.</summary>
    public void OnPollAnswered(SessionAttachment attachment)
    {
        lock (_gate)
        {
            if (_waitingPoll == attachment)
            {
                _waitingPoll = null;
            }
        }
    }

    /// <summary>The client has what was queued: a session that was only waiting for that ends.</summary>
    public void OnPollDone()
    {
        bool isClosing;
        lock (_gate)
        {
            isClosing = _isClosing;
        }

        if (isClosing)
        {
            _session!.Close();
        }
    }

    /// <summary>What a poll says that was open when the session ended.</summary>
    public Frame LastWord
    {
        get
        {
            lock (_gate)
            {
                return _closedByClient ? EngineIoFrames.Noop : EngineIoFrames.Close;
            }
        }
    }

    /// <returns>Whether a body may be received; only one at a time, and <see langword="null"/> when the session takes none any more.</returns>
    public bool? TryPost()
    {
        lock (_gate)
        {
            return _transport == EngineIoTransport.Polling ? !_isPosting && (_isPosting = true) : null;
        }
    }

    public void OnPosted()
    {
        lock (_gate)
        {
            _isPosting = false;
        }
    }

    /// <returns>Whether a WebSocket may try to take over; only one at a time, and only once.</returns>
    public bool TryBeginUpgrade()
    {
        lock (_gate)
        {
            return _transport == EngineIoTransport.Polling && !_isUpgrading && (_isUpgrading = true);
        }
    }

    public void AbandonUpgrade()
    {
        lock (_gate)
        {
            _isUpgrading = false;
        }
    }

    /// <summary>Lets an open poll answer with nothing, so that the client can stop polling.</summary>
    public void ReleasePoll() => _session!.Release();

    /// <summary>
    /// Gives the WebSocket its hold. What a poll is just writing comes before everything that the WebSocket writes; a body that is still being
    /// received would come between its messages, and clients wait for the answer to theirs before they change.
    /// </summary>
    /// <returns>Whether the WebSocket has the session.</returns>
    public bool TryCompleteUpgrade(out SessionAttachment? attachment)
    {
        attachment = null;
        lock (_gate)
        {
            if (_isPosting)
            {
                return false;
            }

            _transport = EngineIoTransport.WebSocket;
            attachment = _session!.TryAttach();
            return true;
        }
    }

    /// <summary>Gives the WebSocket that opened the session its hold.</summary>
    public SessionAttachment? Attach() => _session!.TryAttach();

    /// <summary>Takes a packet.</summary>
    /// <returns>Whether to go on.</returns>
    public async ValueTask<bool> ReceiveAsync(EngineIoPacket packet)
    {
        if (End != SessionEnd.None || IsClosing)
        {
            return false;
        }

        switch (packet.Type)
        {
            case EngineIoPacketType.Pong when Revision == EngineIoRevision.V4:
                _heartbeat.Answered();
                return true;
            case EngineIoPacketType.Ping when Revision == EngineIoRevision.V3:
                _heartbeat.Heard();
                Send(EngineIoFrames.Packet(EngineIoPacketType.Pong, packet.Data.Span));
                return true;
            case EngineIoPacketType.Message:
                _heartbeat.Heard();
                await (packet.IsBinary ? _messages!.OnBinaryAsync(packet.Data) : _messages!.OnTextAsync(packet.Data));
                return true;
            case EngineIoPacketType.Close:
                CloseByClient();
                return false;
            case EngineIoPacketType.Ping or EngineIoPacketType.Pong:
                // Each revision has one side that asks.
                Lose();
                return false;
            default:
                _heartbeat.Heard();
                return true;
        }
    }

    private bool IsClosing
    {
        get
        {
            lock (_gate)
            {
                return _isClosing;
            }
        }
    }

    private void CloseByClient()
    {
        lock (_gate)
        {
            _closedByClient = true;
        }

        _session!.Close();
    }
}
