using System.Net.WebSockets;

namespace Channels.AspNetCore.Connections;

/// <summary>
/// The server's side of one WebSocket: receives within limits, sends whole frames from any thread, and closes in order whoever begins. It
/// knows nothing of sessions, so that a front end may decide by what the client says whom it serves.
/// </summary>
/// <param name="socket">The socket, accepted.</param>
/// <param name="stream">The stream under it, for frames that are encoded already; without one the socket sends them itself.</param>
/// <param name="deadlines">Clock of the limits.</param>
/// <param name="closeTimeout">How long a last write and the closing handshake may take.</param>
#pragma warning disable CA1001 // a late answer may still ask for the tokens, which hold nothing that needs disposing
internal sealed class WebSocketPeer(WebSocket socket, UpgradedStream? stream, Deadlines deadlines, TimeSpan closeTimeout) : IDeadlineListener
#pragma warning restore CA1001
{
    private readonly CancellationTokenSource _left = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly FrameOutput _output = new(socket, stream);
    private readonly Lock _gate = new();
    private WebSocketClosure? _closure;
    private Deadline? _grace;

    /// <summary>Cancelled when the client has left or broke a limit, or by <see cref="Close"/>.</summary>
    public CancellationToken Left => _left.Token;

    /// <summary>Serves until the client is gone and the socket is closed.</summary>
    /// <param name="messages">Takes what the client sends; what it throws closes the socket and is the caller's.</param>
    /// <param name="limits">What the client may send.</param>
    /// <param name="serve">
    /// Sends what the client is to get. Told by its token when the client has left or broke a limit, or by <see cref="Close"/>; it must end
    /// soon then, and says how to close unless that is decided already. Without it the socket is closed normally when the client leaves.
    /// </param>
    public async Task RunAsync(
        IWebSocketMessages messages, WebSocketLimits limits, Func<CancellationToken, ValueTask<WebSocketClosure>>? serve = null)
    {
        var receiver = new WebSocketReceiver(socket, limits, deadlines.Time);
        var receiving = ReceiveAsync(receiver, new Inbox(this, messages));
        try
        {
            var closure = await (serve ?? WaitAsync)(_left.Token);
            LimitClosing();
            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                var (code, reason) = _closure ?? closure;
                await socket.CloseOutputAsync(code, reason, _stop.Token);
            }

            await receiving.WaitAsync(_stop.Token);
            await receiver.LingerAsync(stream, _stop.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or WebSocketException or IOException)
        {
            // The client left, or did not take what was sent in time.
        }
        finally
        {
            socket.Abort();
            try
            {
                await receiving;
            }
            finally
            {
                lock (_gate)
                {
                    deadlines.Cancel(_grace);
                }

                // Whoever still wants to answer has nobody to answer to.
                await _stop.CancelAsync();
            }
        }
    }

    /// <summary>Writes frames, all together; writes of several threads do not mix.</summary>
    public ValueTask SendAsync(ReadOnlyMemory<Frame> frames, CancellationToken cancellationToken) => _output.WriteAsync(frames, cancellationToken);

    /// <summary>Writes one frame, as an answer to the client. Waits for a client that does not take it until the socket is closed.</summary>
    public ValueTask SendAsync(Frame frame) => SendAsync(new[] { frame }, _stop.Token);

    /// <summary>Closes the socket once serving has ended; the first closure counts.</summary>
    public void Close(WebSocketClosure closure)
    {
        lock (_gate)
        {
            _closure ??= closure;
        }

        Leave();
    }

    void IDeadlineListener.OnDue(Deadline deadline) => _stop.Cancel();

    private static async ValueTask<WebSocketClosure> WaitAsync(CancellationToken left)
    {
        var waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var told = left.UnsafeRegister(static waiting => ((TaskCompletionSource)waiting!).TrySetResult(), waiting);
        await waiting.Task;
        return new(WebSocketCloseStatus.NormalClosure, "");
    }

    private async Task ReceiveAsync(WebSocketReceiver receiver, Inbox inbox)
    {
        try
        {
            await receiver.RunAsync(inbox, CancellationToken.None);
        }
        finally
        {
            Leave();
        }
    }

    private void Leave()
    {
        LimitClosing();
        _left.Cancel();
    }

    /// <summary>A pending write and the handshake get a moment, whichever side ends it.</summary>
    private void LimitClosing()
    {
        lock (_gate)
        {
            _grace ??= deadlines.Schedule(closeTimeout, this);
        }
    }

    /// <summary>Ends the serving when the client breaks a limit.</summary>
    private sealed class Inbox(WebSocketPeer peer, IWebSocketMessages messages) : IWebSocketMessages
    {
        public ValueTask OnMessageAsync(WebSocketMessageType type, ReadOnlyMemory<byte> message) => messages.OnMessageAsync(type, message);

        public void OnRefused(WebSocketClosure closure)
        {
            messages.OnRefused(closure);
            peer.Close(closure);
        }
    }
}
