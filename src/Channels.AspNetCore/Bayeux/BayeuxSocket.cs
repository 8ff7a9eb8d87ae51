using System.Net.WebSockets;
using Channels.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;

namespace Channels.AspNetCore.Bayeux;

/// <summary>Serves one WebSocket; its session outlives it. Source: docs/protocols/bayeux.md#websocket</summary>
internal sealed class BayeuxSocket : IWebSocketMessages, IDeadlineListener
{
    private static readonly WebSocketClosure Normal = new(WebSocketCloseStatus.NormalClosure, "");
    private static readonly WebSocketClosure SessionOver = new(WebSocketCloseStatus.NormalClosure, "session ended");
    private static readonly WebSocketClosure Draining = new(WebSocketCloseStatus.EndpointUnavailable, "restarting");
    private static readonly WebSocketClosure Malformed = new(WebSocketCloseStatus.InternalServerError, "not an array of messages");
    private static readonly WebSocketClosure NotAlone = new(WebSocketCloseStatus.InternalServerError, "a handshake is alone");

    private readonly BayeuxServices _services;
    private readonly BayeuxTransport _transport;
    private readonly WebSocketPeer _peer;
    private BayeuxSession? _session;
    private Task _held = Task.CompletedTask;
    private Deadline? _closing;

    /// <param name="services">What the front end holds.</param>
    /// <param name="http">The request that became the socket.</param>
    /// <param name="socket">The socket, accepted.</param>
    public BayeuxSocket(BayeuxServices services, HttpContext http, WebSocket socket)
    {
        _services = services;
        _transport = new(http, services.Origins.Trusts(http.Request), this);
        _peer = new(socket, http.UpgradedStream(), services.Sessions.Deadlines, services.Options.CloseTimeout);
    }

    /// <summary>Cancelled when the client has left or the socket is about to close.</summary>
    public CancellationToken Left => _peer.Left;

    /// <summary>Serves until the socket is closed.</summary>
    public async Task RunAsync()
    {
        try
        {
            await _peer.RunAsync(this, _services.SocketLimits, ServeAsync);
        }
        catch (Exception exception) when (exception is OperationCanceledException or WebSocketException or IOException)
        {
            // The client did not take a reply.
        }
        finally
        {
            _services.Sessions.Deadlines.Cancel(_closing);
            await _held;
        }
    }

    /// <summary>Lets the socket use a session: its own, or the first one that is named on it.</summary>
    public bool TryBind(BayeuxSession session)
    {
        if (_session == session)
        {
            return true;
        }

        if (_session is not null || _services.Options.RequireHandshakePerConnection)
        {
            return false;
        }

        Rebind(session);
        return true;
    }

    /// <summary>Gives the socket another session.</summary>
    public void Rebind(BayeuxSession session)
    {
        Volatile.Write(ref _session, session);
        session.Bind(this);
    }

    /// <summary>Closes the socket, unless it has another session by now or the client ended this one and closes by itself.</summary>
    public void OnSessionEnded(BayeuxSession session, SessionEnd end)
    {
        if (Volatile.Read(ref _session) == session && end != SessionEnd.Closed)
        {
            _peer.Close(end == SessionEnd.Draining ? Draining : SessionOver);
        }
    }

    /// <summary>Sends events, and behind them a reply, in one write.</summary>
    public ValueTask SendAsync(ReadOnlyMemory<Frame> events, BayeuxReply? reply, CancellationToken cancellationToken)
    {
        if (reply is null)
        {
            return _peer.SendAsync(events, cancellationToken);
        }

        // The client acknowledges on the reply, so that it comes last.
        var frames = new Frame[events.Length + 1];
        events.CopyTo(frames);
        frames[^1] = FrameOf([reply]);
        return _peer.SendAsync(frames, cancellationToken);
    }

    async ValueTask IWebSocketMessages.OnMessageAsync(WebSocketMessageType type, ReadOnlyMemory<byte> message)
    {
        // A copy: a held connect needs its id for longer than the buffer lasts.
        if (_services.Reader.Read(message.ToArray()) is not { } messages)
        {
            _peer.Close(Malformed);
        }
        else if (!BayeuxExchange.IsWellFormed(messages))
        {
            _peer.Close(NotAlone);
        }
        else if (!Left.IsCancellationRequested)
        {
            await AnswerAsync(await BayeuxExchange.RunAsync(_services, _transport, messages));
        }
    }

    void IWebSocketMessages.OnRefused(WebSocketClosure closure)
    {
    }

    void IDeadlineListener.OnDue(Deadline deadline) => _peer.Close(Normal);

    private async ValueTask<WebSocketClosure> ServeAsync(CancellationToken left)
    {
        var leaving = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var told = left.UnsafeRegister(static leaving => ((TaskCompletionSource)leaving!).TrySetResult(), leaving);
        await leaving.Task;
        await _held;
        return Normal;
    }

    private async ValueTask AnswerAsync(BayeuxExchange exchange)
    {
        if (exchange.HasDisconnected)
        {
            // The client closes on the reply to the disconnect when no connect waits for one; later than soon, it is closed.
            await _held;
            _closing ??= _services.Sessions.Deadlines.Schedule(_services.Options.CloseTimeout, this);
        }

        var replies = exchange.WithoutConnect();
        if (replies.Count > 0)
        {
            await _peer.SendAsync(FrameOf(replies));
        }

        if (exchange.Connect is { } connect)
        {
            // Known before it attaches: whoever closes the socket waits for its reply.
            var known = new TaskCompletionSource();
            _held = HoldAsync(new(this, connect), _held, known.Task);
            known.SetResult();
        }
    }

    private static async Task HoldAsync(BayeuxSocketConnect connect, Task older, Task known)
    {
        await known;

        // Attached at once, so that the older one ends.
        var holding = connect.RunAsync();
        await older;
        await holding;
    }

    private Frame FrameOf(IReadOnlyList<BayeuxReply> replies) => WebSocketFraming.Text(BayeuxWriter.Replies(replies, _services.Now));
}
