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
    public async Task ServeAsync(HttpContext http)
    {
        await using (connection)
        {
            using var lifetime = new ConnectionLifetime(connection, settings, subscriptions, http.RequestAborted);
            if (isSocket)
            {
                using var socket = await http.WebSockets.AcceptWebSocketAsync();
                var link = new WebSocketLink(socket, http.UpgradedStream(), connection, lifetime, settings);
                await link.RunAsync(form, opening, SyncanoClosures.Of);
            }
            else
            {
                await new EventStreamLink(http, connection, lifetime, settings).RunAsync(form, opening);
            }
        }
    }
}
