using System.Buffers;
using System.Net.WebSockets;

namespace Channels.AspNetCore.Connections;

/// <summary>Serves one connection over one WebSocket: text frames out, what comes in is read and thrown away.</summary>
/// <param name="socket">The socket, accepted.</param>
/// <param name="connection">The connection, subscribed.</param>
/// <param name="lifetime">Their common lifetime.</param>
/// <param name="maxClientMessageBytes">Largest message from the client.</param>
internal sealed class WebSocketLink(WebSocket socket, IChannelConnection connection, ConnectionLifetime lifetime, int maxClientMessageBytes)
{
    private const int ReceiveBufferBytes = 1024;

    private static readonly WebSocketClosure TooBig = new(WebSocketCloseStatus.MessageTooBig, "message too big");
    private static readonly WebSocketClosure StoreFailed = new(WebSocketCloseStatus.InternalServerError, "storage unavailable, try again later");

    private WebSocketClosure? _ownReason;

    /// <summary>Serves until either side ends.</summary>
    /// <param name="encode">Wire form of the deliveries.</param>
    /// <param name="opening">First frame; empty for none.</param>
    /// <param name="closure">What the end of the connection means in this front end.</param>
    public async Task RunAsync(DeliveryEncoder encode, ReadOnlyMemory<byte> opening, Func<ConnectionEnd, WebSocketClosure> closure)
    {
        var receiving = ReceiveAsync();
        try
        {
            await SendAsync(encode, opening);
            var (code, reason) = _ownReason ?? closure(connection.End);
            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                await socket.CloseOutputAsync(code, reason, lifetime.Stop);
            }

            await receiving;
        }
        catch (Exception exception) when (exception is OperationCanceledException or WebSocketException or IOException)
        {
            // The client left, or did not take what was sent in time.
        }
        finally
        {
            connection.Close(ConnectionEnd.Closed);
            socket.Abort();
            await receiving;
        }
    }

    private async Task SendAsync(DeliveryEncoder encode, ReadOnlyMemory<byte> opening)
    {
        await SendTextAsync(opening);
        try
        {
            while (await connection.WaitToReadAsync(CancellationToken.None))
            {
                while (connection.TryRead(out var delivery))
                {
                    lifetime.Note(delivery);
                    await SendTextAsync(encode(delivery));
                }

                lifetime.CloseWhenEmpty();
            }
        }
        catch (ChannelStoreException)
        {
            // The engine logs and counts it; the client resumes from its cursor.
            _ownReason = StoreFailed;
            connection.Close(ConnectionEnd.Closed);
        }
    }

    private ValueTask SendTextAsync(ReadOnlyMemory<byte> text) =>
        text.IsEmpty ? default : socket.SendAsync(text, WebSocketMessageType.Text, endOfMessage: true, lifetime.Stop);

    private async Task ReceiveAsync()
    {
        try
        {
            while (await ReceiveMessageAsync())
            {
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or WebSocketException or IOException)
        {
            // The client left without a word.
        }
        finally
        {
            connection.Close(ConnectionEnd.Closed);
        }
    }

    /// <returns>Whether to go on.</returns>
    private async ValueTask<bool> ReceiveMessageAsync()
    {
        long size = 0;
        while (true)
        {
            // Nothing is rented while nothing comes. A close and an empty message come whole with this.
            var part = await socket.ReceiveAsync(Memory<byte>.Empty, lifetime.Stop);
            if (part is { MessageType: not WebSocketMessageType.Close, EndOfMessage: false })
            {
                part = await ReceivePartAsync();
            }

            size += part.Count;
            if (size > maxClientMessageBytes)
            {
                _ownReason = TooBig;
                return false;
            }

            if (part.EndOfMessage || part.MessageType == WebSocketMessageType.Close)
            {
                return part.MessageType != WebSocketMessageType.Close;
            }
        }
    }

    private async ValueTask<ValueWebSocketReceiveResult> ReceivePartAsync()
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ReceiveBufferBytes);
        try
        {
            return await socket.ReceiveAsync(buffer.AsMemory(), lifetime.Stop);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
