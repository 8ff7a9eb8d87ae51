using System.Net.WebSockets;

namespace Channels.AspNetCore.Connections;

/// <summary>Serves a session over one WebSocket for as long as both last; the session outlives the socket.</summary>
/// <param name="socket">The socket, accepted.</param>
/// <param name="stream">The stream under it, for frames that are encoded already.</param>
/// <param name="attachment">The socket's hold on the session.</param>
internal sealed class SessionSocketLink(WebSocket socket, UpgradedStream? stream, SessionAttachment attachment)
{
    private const int MaxBatchBytes = 64 * 1024;

    private readonly WebSocketPeer _peer = new(socket, stream, attachment.Session.Deadlines, attachment.CloseTimeout);

    /// <summary>Serves until the session is over for this socket, or the client is.</summary>
    /// <param name="messages">Takes what the client sends.</param>
    /// <param name="limits">What the client may send.</param>
    /// <param name="closure">What the end of the wait means in this front end.</param>
    /// <param name="trailer">Frame that says a batch's number behind its frames; <see langword="null"/> in a session without acknowledgement.</param>
    /// <param name="last">Last frame before the close, perhaps an empty one; <see langword="null"/> for none.</param>
    /// <returns>Why it is over.</returns>
    public async Task<SessionSignal> RunAsync(
        IWebSocketMessages messages,
        WebSocketLimits limits,
        Func<SessionSignal, WebSocketClosure> closure,
        Func<long, Frame>? trailer = null,
        Func<SessionSignal, Frame>? last = null)
    {
        var signal = SessionSignal.ClientLeft;
        await _peer.RunAsync(messages, limits, async left =>
        {
            signal = await attachment.ServeAsync((batch, stop) => WriteAsync(batch, trailer, stop), MaxBatchBytes, left);
            if (signal != SessionSignal.ClientLeft && last?.Invoke(signal) is { IsEmpty: false } farewell)
            {
                await _peer.SendAsync(new[] { farewell }, attachment.Stop);
            }

            return closure(signal);
        });
        return signal;
    }

    private ValueTask WriteAsync(SessionBatch batch, Func<long, Frame>? trailer, CancellationToken cancellationToken) =>
        trailer is null ? _peer.SendAsync(batch.Frames, cancellationToken) : WriteWithTrailerAsync(batch, trailer, cancellationToken);

    private async ValueTask WriteWithTrailerAsync(SessionBatch batch, Func<long, Frame> trailer, CancellationToken cancellationToken)
    {
        await _peer.SendAsync(batch.Frames, cancellationToken);
        await _peer.SendAsync(new[] { trailer(batch.Number) }, cancellationToken);
    }
}
