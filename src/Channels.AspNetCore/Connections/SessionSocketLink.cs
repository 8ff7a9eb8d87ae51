using System.Net.WebSockets;

namespace Channels.AspNetCore.Connections;

/// <summary>Serves a session over one WebSocket for as long as both last; the session outlives the socket.</summary>
/// <param name="socket">The socket, accepted.</param>
/// <param name="stream">The stream under it, for frames that are encoded already.</param>
/// <param name="attachment">The socket's hold on the session.</param>
/// <param name="time">Clock of the limits.</param>
internal sealed class SessionSocketLink(WebSocket socket, UpgradedStream? stream, SessionAttachment attachment, TimeProvider time)
{
    private const int MaxBatchBytes = 64 * 1024;

    /// <summary>Serves until the session is over for this socket, or the client is.</summary>
    /// <param name="messages">Takes what the client sends.</param>
    /// <param name="limits">What the client may send.</param>
    /// <param name="closure">What the end of the wait means in this front end.</param>
    /// <param name="trailer">Frame that says a batch's number behind its frames; <see langword="null"/> in a session without acknowledgement.</param>
    /// <returns>Why it is over.</returns>
    public async Task<SessionSignal> RunAsync(
        IWebSocketMessages messages, WebSocketLimits limits, Func<SessionSignal, WebSocketClosure> closure, Func<long, Frame>? trailer = null)
    {
        using var left = new CancellationTokenSource();

        // A pending write and the handshake get a moment, whichever side ends it.
        using var limit = left.Token.UnsafeRegister(static held => ((SessionAttachment)held!).LimitClosing(), attachment);
        var inbox = new Inbox(messages, left);
        var receiver = new WebSocketReceiver(socket, limits, time);
        var receiving = ReceiveAsync(receiver, inbox, left);
        var signal = SessionSignal.ClientLeft;
        try
        {
            signal = await SendAsync(trailer, left.Token);
            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                var (code, reason) = inbox.Refusal ?? closure(signal);
                await socket.CloseOutputAsync(code, reason, attachment.Stop);
            }

            attachment.LimitClosing();
            await receiving.WaitAsync(attachment.Stop);
            await receiver.LingerAsync(stream, attachment.Stop);
        }
        catch (Exception exception) when (exception is OperationCanceledException or WebSocketException or IOException)
        {
            // The client left, or did not take what was sent in time.
        }
        finally
        {
            socket.Abort();
            await receiving;
        }

        return signal;
    }

    private async Task<SessionSignal> SendAsync(Func<long, Frame>? trailer, CancellationToken left)
    {
        var output = new FrameOutput(socket, stream);
        SessionWriter write = (batch, cancellationToken) => WriteAsync(output, batch, trailer, cancellationToken);
        while (true)
        {
            var signal = await attachment.WaitAsync(window: null, left);
            if (signal == SessionSignal.Frames)
            {
                signal = await attachment.SendAsync(write, MaxBatchBytes, left) switch
                {
                    SessionSend.ClientLeft => SessionSignal.ClientLeft,
                    SessionSend.Replaced => SessionSignal.Replaced,
                    _ => SessionSignal.None,
                };
            }

            if (signal is not (SessionSignal.None or SessionSignal.Released))
            {
                return signal;
            }
        }
    }

    private static async ValueTask WriteAsync(FrameOutput output, SessionBatch batch, Func<long, Frame>? trailer, CancellationToken cancellationToken)
    {
        await output.WriteAsync(batch.Frames, cancellationToken);
        if (trailer is not null)
        {
            await output.WriteAsync(new[] { trailer(batch.Number) }, cancellationToken);
        }
    }

    private static async Task ReceiveAsync(WebSocketReceiver receiver, Inbox inbox, CancellationTokenSource left)
    {
        try
        {
            await receiver.RunAsync(inbox, CancellationToken.None);
        }
        finally
        {
            await left.CancelAsync();
        }
    }

    /// <summary>Ends the sending when the client broke a limit.</summary>
    private sealed class Inbox(IWebSocketMessages messages, CancellationTokenSource left) : IWebSocketMessages
    {
        public WebSocketClosure? Refusal { get; private set; }

        public ValueTask OnMessageAsync(WebSocketMessageType type, ReadOnlyMemory<byte> message) => messages.OnMessageAsync(type, message);

        public void OnRefused(WebSocketClosure closure)
        {
            Refusal = closure;
            messages.OnRefused(closure);
            try
            {
                left.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // The socket has just ended by itself.
            }
        }
    }
}
