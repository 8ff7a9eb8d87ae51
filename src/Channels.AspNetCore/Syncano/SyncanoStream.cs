using System.Net.WebSockets;
using Channels.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;

namespace Channels.AspNetCore.Syncano;

/// <summary>Serves a connection over a WebSocket or as an event stream until either side ends.</summary>
/// <param name="connection">The connection, subscribed; ends with this.</param>
/// <param name="settings">Limits.</param>
/// <param name="subscriptions">How many subscriptions it starts with.</param>
/// <param name="form">Wire form of the deliveries.</param>
/// <param name="opening">What comes first; empty for nothing.</param>
/// <param name="isSocket">Whether the request wants a WebSocket.</param>
internal sealed class SyncanoStream(
    IChannelConnection connection, TransportSettings settings, int subscriptions, WireForm form, ReadOnlyMemory<byte> opening, bool isSocket)
    : ILastingAnswer
{
    public Task ServeAsync(HttpContext http)
    {
        if (!isSocket)
        {
            return ServeEventsAsync(http);
        }

        // The time of a connection counts from its request. The socket notices when the client leaves.
        var lifetime = new ConnectionLifetime(connection, settings, subscriptions, CancellationToken.None);
        var accepting = http.WebSockets.AcceptWebSocketAsync();

        // Mostly the handshake is over at once, and then nothing of this is held for as long as the socket is open.
        return accepting.IsCompletedSuccessfully ? ServeSocket(http, accepting.Result, lifetime) : AcceptAsync(http, accepting, lifetime);
    }

    private async Task AcceptAsync(HttpContext http, Task<WebSocket> accepting, ConnectionLifetime lifetime)
    {
        await using (connection)
        {
            using (lifetime)
            {
                await ServeSocket(http, await accepting, lifetime);
            }
        }
    }

    private Task ServeSocket(HttpContext http, WebSocket socket, ConnectionLifetime lifetime) =>
        new WebSocketLink(socket, http.UpgradedStream(), connection, lifetime, settings).RunAsync(form, opening, SyncanoClosures.Of);

    private async Task ServeEventsAsync(HttpContext http)
    {
        await using (connection)
        {
            using var lifetime = new ConnectionLifetime(connection, settings, subscriptions, http.RequestAborted);
            await new EventStreamLink(http, connection, lifetime, settings).RunAsync(form, opening);
        }
    }
}
