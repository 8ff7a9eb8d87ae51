using Channels.AspNetCore.Connections;

namespace Channels.AspNetCore.Bayeux;

/// <summary>The messages of one request or frame on their way through the checks, in order, each with its reply. Source: docs/protocols/bayeux.md#meta-channels</summary>
internal sealed class BayeuxExchange
{
    private readonly BayeuxServices _services;
    private readonly BayeuxTransport _transport;
    private readonly List<BayeuxReply> _replies;
    private readonly long _receivedAt;
    private readonly bool _isAlone;
    private int _connectAt;

    private BayeuxExchange(BayeuxServices services, BayeuxTransport transport, int messages)
    {
        _services = services;
        _transport = transport;
        _replies = new(messages);
        _receivedAt = services.Now;
        _isAlone = messages == 1;
    }

    /// <summary>The replies in the order of their messages; that of <see cref="Connect"/> as far as it is known.</summary>
    public IReadOnlyList<BayeuxReply> Replies => _replies;

    /// <summary>The connect that waits for its answer, if there is one.</summary>
    public BayeuxConnect? Connect { get; private set; }

    /// <summary>The first session that was named.</summary>
    public BayeuxSession? Session { get; private set; }

    /// <summary>Whether a session was disconnected.</summary>
    public bool HasDisconnected { get; private set; }

    /// <summary>Whether the messages may stand together: a handshake is alone.</summary>
    public static bool IsWellFormed(IReadOnlyList<BayeuxMessage> messages) => messages.Count == 1 || !messages.Any(message => message.IsHandshake);

    /// <summary>Deals with messages in order.</summary>
    public static async ValueTask<BayeuxExchange> RunAsync(BayeuxServices services, BayeuxTransport transport, IReadOnlyList<BayeuxMessage> messages)
    {
        var exchange = new BayeuxExchange(services, transport, messages.Count);
        foreach (var message in messages)
        {
            exchange.Add(await exchange.AnswerAsync(message));
        }

        return exchange;
    }

    /// <summary>All replies, the connect's being this one.</summary>
    public IReadOnlyList<BayeuxReply> With(BayeuxReply connect)
    {
        _replies[_connectAt] = connect;
        return _replies;
    }

    /// <summary>The replies that are known without the connect's.</summary>
    public IReadOnlyList<BayeuxReply> WithoutConnect() =>
        Connect is null ? _replies : [.. _replies.Where((_, index) => index != _connectAt)];

    /// <summary>Answers a connect whose session has ended.</summary>
    public static BayeuxReply Ended(BayeuxConnect connect, SessionEnd end) => end switch
    {
        SessionEnd.Closed => connect.Reply with { Advice = BayeuxAdvice.None },
        SessionEnd.Draining => connect.Reply with { Error = BayeuxErrors.SessionUnknown, Advice = BayeuxAdvice.LaterHandshake },
        _ => connect.Reply with { Error = BayeuxErrors.SessionUnknown, Advice = BayeuxAdvice.Handshake },
    };

    private static BayeuxReply Unknown(BayeuxMessage message) =>
        new(message, BayeuxErrors.SessionUnknown, message.IsConnect || message.IsHandshake ? BayeuxAdvice.Handshake : null);

    /// <summary>Adds a reply, completed with what the clock says.</summary>
    private void Add(BayeuxReply reply)
    {
        if (reply.Request.IsMeta && reply.Request.Ext.TimeSync(_receivedAt) is { IsWorthAnswering: true } sync)
        {
            reply = reply with { TimeSync = sync };
        }

        if (Connect?.Reply.Request == reply.Request)
        {
            Connect = Connect with { Reply = reply };
        }

        _replies.Add(reply);
    }

    private async ValueTask<BayeuxReply> AnswerAsync(BayeuxMessage message)
    {
        if (message.IsHandshake)
        {
            return await new BayeuxHandshakes(_services, _transport).AnswerAsync(message);
        }

        if (message == BayeuxMessage.Malformed)
        {
            return new(message, BayeuxErrors.ChannelMissing);
        }

        if (Find(message.ClientId) is not { } session)
        {
            return Unknown(message);
        }

        if (Check(message, out var channel) is { } error)
        {
            return new(message, error);
        }

        Session ??= session;
        session.Queue.Touch();
        try
        {
            return await AnswerAsync(message, channel, session);
        }
        catch (ChannelStoreException exception)
        {
            TransportLog.StoreFailed(_services.Logger, exception);
            return new(message, BayeuxErrors.StoreFailed);
        }
    }

    private async ValueTask<BayeuxReply> AnswerAsync(BayeuxMessage message, BayeuxChannel channel, BayeuxSession session)
    {
        var aborted = _transport.Http.RequestAborted;
        switch (channel.Path)
        {
            case BayeuxChannel.Connect:
                return TakeConnect(message, session);
            case BayeuxChannel.Subscribe:
                return await new BayeuxSubscriptions(_services).SubscribeAsync(message, session, aborted);
            case BayeuxChannel.Unsubscribe:
                return await new BayeuxSubscriptions(_services).UnsubscribeAsync(message, session, aborted);
            case BayeuxChannel.Disconnect:
                HasDisconnected = true;
                session.Disconnect();
                return new(message);
            default:
                return channel.Kind == BayeuxChannelKind.Meta
                    ? new(message, BayeuxErrors.ChannelUnknown)
                    : await new BayeuxPublishing(_services).PublishAsync(message, channel, session, aborted);
        }
    }

    /// <summary>What is wrong with a message, whatever its channel is for.</summary>
    private static string? Check(BayeuxMessage message, out BayeuxChannel channel)
    {
        channel = default;
        return message.Channel switch
        {
            null => BayeuxErrors.ChannelMissing,
            _ when !message.HasValidId() => BayeuxErrors.MessageIdInvalid,
            _ when !BayeuxChannel.TryParse(message.Channel, out channel) => BayeuxErrors.ChannelInvalid,
            _ => null,
        };
    }

    private BayeuxReply TakeConnect(BayeuxMessage message, BayeuxSession session)
    {
        var isFirst = session.Connect();
        if (session.Acknowledges && message.Ext.AcknowledgedBatch() is { } batch)
        {
            // A number that was never given says nothing, and everything comes again.
            session.Queue.Acknowledge(batch);
        }

        var reply = new BayeuxReply(message, Advice: message.HasAdvice ? _services.Advice : null);
        var window = isFirst || !_isAlone ? TimeSpan.Zero : WindowOf(message);
        Connect = new(session, reply, window);
        _connectAt = _replies.Count;
        return reply;
    }

    private TimeSpan WindowOf(BayeuxMessage message)
    {
        var most = _services.Options.Timeout;
        return message.AdvisedTimeout is { } wanted && wanted < most.TotalMilliseconds ? TimeSpan.FromMilliseconds(Math.Max(0, wanted)) : most;
    }

    /// <summary>Finds the session of a message, as far as this transport may use it.</summary>
    private BayeuxSession? Find(string? clientId)
    {
        if (BayeuxSession.Of(_services.Sessions.Find(clientId)) is not { } session)
        {
            return null;
        }

        if (_transport.Socket is { } socket)
        {
            return socket.TryBind(session) ? session : null;
        }

        return _services.Options.TrustsClientId || session.Browser == BayeuxCookies.Read(_services.Options, _transport.Http.Request) ? session : null;
    }
}
