using System.Collections.Concurrent;
using System.Net.WebSockets;
using Channels.AspNetCore.Connections;

namespace Channels.AspNetCore.Pusher.Clients;

/// <summary>
/// One connected client, whatever its transport: answers what it sends, and keeps what it is subscribed to. Messages of a client are dealt with
/// one after the other.
/// </summary>
#pragma warning disable CA1001 // a last message may still ask for the semaphore, which holds nothing that needs disposing
internal sealed partial class PusherClient : IWebSocketMessages, IHeartbeatListener
#pragma warning restore CA1001
{
    private readonly PusherServices _services;
    private readonly PusherForm _form;
    private readonly IChannelConnection _connection;
    private readonly ConcurrentDictionary<string, PusherSubscription> _subscriptions = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _handling = new(1, 1);
    private readonly long _since;
    private Session? _session;
    private WebSocketClosure? _closure;
    private long _lastHeard;
    private long _asked;
    private volatile bool _isAuthorized;

    public PusherClient(PusherServices services, PusherApp app, PusherForm form, IChannelConnection connection)
    {
        _services = services;
        App = app;
        _form = form;
        _connection = connection;
        _caller = app.Client;
        _since = _lastHeard = services.Time.GetTimestamp();
    }

    public PusherApp App { get; }

    /// <summary>Public id of the connection.</summary>
    public string SocketId => _connection.Id;

    /// <summary>How the client is closed once its session has ended.</summary>
    public WebSocketClosure Closure => ClosureAfter(Session.End);

    /// <summary>Whether it was welcomed and may be closed.</summary>
    public bool HasStarted => Volatile.Read(ref _session) is not null;

    private Session Session => _session!;

    /// <summary>How the client is closed.</summary>
    /// <param name="end">How its session ended, which may have been before it was welcomed.</param>
    public WebSocketClosure ClosureAfter(SessionEnd end) => _closure ?? PusherErrors.From(end);

    /// <summary>Welcomes the client.</summary>
    /// <param name="session">Its session, open.</param>
    public void Start(Session session)
    {
        Volatile.Write(ref _session, session);
        Send(PusherWriter.Established(SocketId, _services.Options.ActivityTimeout));
        _services.Sweep.Add(this);
    }

    /// <summary>Lets go of what is not the connection's own; called once, when the session has ended.</summary>
    public void Leave()
    {
        _services.Sweep.Remove(this);
        LeaveWatchlist();
        foreach (var subscription in _subscriptions.Values)
        {
            End(subscription);
        }
    }

    /// <summary>Deals with a message. Nothing that a client sends ends more than its own connection.</summary>
    public async ValueTask HandleAsync(ReadOnlyMemory<byte> message)
    {
        await _handling.WaitAsync();
        try
        {
            Hear();
            await AnswerAsync(message);
        }
        catch (ChannelStoreException exception)
        {
            TransportLog.StoreFailed(_services.Logger, exception);
            Close(PusherErrors.ReconnectNow);
        }
        finally
        {
            _handling.Release();
        }
    }

    /// <summary>Takes note that the client is there.</summary>
    public void Hear()
    {
        Volatile.Write(ref _lastHeard, _services.Time.GetTimestamp());
        Volatile.Write(ref _asked, 0);
    }

    /// <summary>Tells the client why, then ends its session.</summary>
    public void Close(WebSocketClosure closure)
    {
        _closure ??= closure;
        Send(PusherWriter.Error((int)closure.Code, closure.Reason));
        Session.Close();
    }

    /// <summary>Sends an event that others get too.</summary>
    public void Send(PusherFrames frames) => Session.Enqueue(frames.In(_form));

    ValueTask IWebSocketMessages.OnMessageAsync(WebSocketMessageType type, ReadOnlyMemory<byte> message) => HandleAsync(message);

    void IWebSocketMessages.OnRefused(WebSocketClosure closure) => _closure ??= closure;

    /// <summary>Asks a silent client whether it is there, and closes one that does not answer or did not authorize in time.</summary>
    void IHeartbeatListener.OnBeat()
    {
        var time = _services.Time;
        if (App.Options.RequiresAuthorization && !_isAuthorized && time.GetElapsedTime(_since) >= App.Options.AuthorizationTimeout)
        {
            Close(PusherErrors.Unauthorized);
            return;
        }

        var asked = Volatile.Read(ref _asked);
        if (asked != 0)
        {
            if (time.GetElapsedTime(asked) >= _services.Options.PongTimeout)
            {
                Close(PusherErrors.PongNotReceived);
            }
        }
        else if (time.GetElapsedTime(Volatile.Read(ref _lastHeard)) >= _services.Options.ActivityTimeout)
        {
            Volatile.Write(ref _asked, time.GetTimestamp());
            Session.Enqueue(_form.Ping);
        }
    }

    private void Send(ReadOnlySpan<byte> json) => Session.Enqueue(_form.Frame(json));

    private void Refuse(int? code, string text) => Send(PusherWriter.Error(code, text));

    private ValueTask AnswerAsync(ReadOnlyMemory<byte> message)
    {
        if (!PusherFrame.TryRead(message, out var frame))
        {
            Refuse(null, "Invalid message: a JSON object with an event is expected");
            return default;
        }

        switch (frame.Event)
        {
            case PusherEventNames.Ping:
                Session.Enqueue(_form.Pong);
                return default;
            case PusherEventNames.Pong:
                return default;
            case PusherEventNames.Subscribe:
                return SubscribeAsync(frame.ReadData(SubscribeFields));
            case PusherEventNames.Unsubscribe:
                Unsubscribe(frame.ReadData(SubscribeFields));
                return default;
            case PusherEventNames.SignIn:
                return SignInAsync(frame.ReadData(SignInFields));
            case var name when PusherEventNames.IsClientEvent(name):
                return SendEventAsync(frame);
            default:
                Refuse(null, "Unknown event, or an event that clients may not send");
                return default;
        }
    }
}
