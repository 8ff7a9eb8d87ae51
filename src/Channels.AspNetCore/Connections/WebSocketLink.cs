using System.Net.WebSockets;
using System.Runtime.CompilerServices;

namespace Channels.AspNetCore.Connections;

/// <summary>Serves one connection over one WebSocket: frames out, everything due in one write; what comes in is read and thrown away.</summary>
/// <param name="socket">The socket, accepted.</param>
/// <param name="stream">The stream under it, for frames that are encoded already; without one the socket sends them itself.</param>
/// <param name="connection">The connection, subscribed.</param>
/// <param name="lifetime">Their common lifetime.</param>
/// <param name="settings">Limits.</param>
internal sealed class WebSocketLink(
    WebSocket socket, UpgradedStream? stream, IChannelConnection connection, ConnectionLifetime lifetime, TransportSettings settings)
    : IWebSocketMessages
{
    private static readonly WebSocketClosure StoreFailed = new(WebSocketCloseStatus.InternalServerError, "storage unavailable, try again later");

    private readonly WebSocketReceiver _receiver = new(socket, settings.Ignored, settings.Time);

    private WebSocketClosure? _ownReason;

    /// <summary>Serves until either side ends; then the socket, the connection and their lifetime have ended too.</summary>
    /// <param name="form">Wire form of the deliveries.</param>
    /// <param name="opening">First message; empty for none.</param>
    /// <param name="closure">What the end of the connection means in this front end.</param>
    public async Task RunAsync(IDeliveryForm form, ReadOnlyMemory<byte> opening, Func<ConnectionEnd, WebSocketClosure> closure)
    {
        // Not told to stop: the socket is aborted in the end, and waiting with a token would cost every connection for as long as it is idle.
        var receiving = _receiver.RunAsync(this, CancellationToken.None);
        try
        {
            if (!opening.IsEmpty)
            {
                await SendOpening(opening);
                opening = default;
            }

            try
            {
                for (var turn = 1; await connection.WaitToReadAsync(CancellationToken.None); turn++)
                {
                    await (stream is null ? SendOneByOneAsync(form) : SendTogether(form, stream));
                    lifetime.CloseWhenEmpty();
                    if (turn % TransportSettings.TurnsBeforeYield == 0)
                    {
                        await Task.Yield();
                    }
                }
            }
            catch (ChannelStoreException exception)
            {
                // The client resumes from its cursor.
                TransportLog.StoreFailed(settings.Logger, exception);
                _ownReason = StoreFailed;
                connection.Close(ConnectionEnd.Closed);
            }

            lifetime.LimitWrites();
            var (code, reason) = _ownReason ?? closure(connection.End);
            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                await socket.CloseOutputAsync(code, reason, lifetime.Stop);
            }

            await receiving.WaitAsync(lifetime.Stop);
            await _receiver.LingerAsync(stream, lifetime.Stop);
        }
        catch (Exception exception) when (exception is OperationCanceledException or WebSocketException or IOException)
        {
            // The client left, or did not take what was sent in time.
        }
        finally
        {
            connection.Close(ConnectionEnd.Closed);
            socket.Abort();
            socket.Dispose();
            lifetime.Dispose();
            await receiving;
        }
    }

    /// <summary>Beside the socket, which would keep for good what it needs for a token.</summary>
    private ValueTask SendOpening(ReadOnlyMemory<byte> opening)
    {
        var write = stream is null
            ? socket.SendAsync(opening, WebSocketMessageType.Text, endOfMessage: true, lifetime.Stop)
            : stream.WriteAsync(WebSocketFraming.Text(opening.Span).Bytes, lifetime.Stop);
        if (!write.IsCompletedSuccessfully)
        {
            lifetime.LimitWrites();
        }

        return write;
    }

    /// <summary>Writes what is due. Where the transport takes it at once, as it mostly does, nothing is allocated.</summary>
    private ValueTask SendTogether(IDeliveryForm form, UpgradedStream output)
    {
        var batch = new FrameBatch();
        try
        {
            for (var writes = 0; writes < TransportSettings.WritesPerTurn && connection.TryRead(out var delivery);)
            {
                lifetime.Note(delivery);
                var frame = form.Encode(delivery).Bytes;
                if (batch.IsFull || !batch.TryAdd(frame))
                {
                    var write = output.WriteAsync(batch.Bytes, lifetime.Stop);
                    if (!write.IsCompletedSuccessfully)
                    {
                        return FinishAsync(write, batch, output, frame);
                    }

                    batch.Clear();
                    batch.TryAdd(frame);
                    writes++;
                }
            }

            if (!batch.IsEmpty)
            {
                var write = output.WriteAsync(batch.Bytes, lifetime.Stop);
                if (!write.IsCompletedSuccessfully)
                {
                    return FinishAsync(write, batch, output, next: default);
                }
            }
        }
        catch
        {
            batch.Clear();
            throw;
        }

        batch.Clear();
        return default;
    }

    /// <summary>Waits for a write, and writes the frame that had no room in it.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask FinishAsync(ValueTask write, FrameBatch batch, UpgradedStream output, ReadOnlyMemory<byte> next)
    {
        try
        {
            lifetime.LimitWrites();
            await write;
        }
        finally
        {
            batch.Clear();
        }

        if (!next.IsEmpty)
        {
            await output.WriteAsync(next, lifetime.Stop);
        }
    }

    private async ValueTask SendOneByOneAsync(IDeliveryForm form)
    {
        lifetime.LimitWrites();
        while (connection.TryRead(out var delivery))
        {
            lifetime.Note(delivery);
            var frame = form.Encode(delivery);
            if (!frame.IsEmpty)
            {
                await socket.SendAsync(frame.Content, WebSocketMessageType.Text, endOfMessage: true, lifetime.Stop);
            }
        }
    }

    ValueTask IWebSocketMessages.OnMessageAsync(WebSocketMessageType type, ReadOnlyMemory<byte> message) => default;

    void IWebSocketMessages.OnRefused(WebSocketClosure closure)
    {
        // Reading goes on until the client has answered the close, which would be lost behind unread data.
        _ownReason = closure;
        connection.Close(ConnectionEnd.Closed);
    }

    void IWebSocketMessages.OnEnded() => connection.Close(ConnectionEnd.Closed);
}
