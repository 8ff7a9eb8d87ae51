using System.Net.WebSockets;
using Channels.AspNetCore.Connections;
using Channels.AspNetCore.Pusher.Clients;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Channels.AspNetCore.Pusher;

/// <summary>
/// Clients with a WebSocket. Whoever is refused is told so over the WebSocket, first by an event and then by the close code: a browser cannot see
/// the status of a refused upgrade and would try for ever. Source: docs/protocols/pusher.md#connecting
/// </summary>
/// <param name="services">The front end.</param>
internal sealed class PusherSocket(PusherServices services)
{
    private readonly WebSocketLimits _limits = new() { MaxMessageBytes = services.Options.MaxClientMessageBytes, AcceptsBinary = false };

    public Task InvokeAsync(HttpContext http) => services.Boundary.RunAsync(http, ServeAsync);

    private async Task ServeAsync(HttpContext http)
    {
        if (!http.WebSockets.IsWebSocketRequest)
        {
            await PusherErrors.UnknownPath.WriteAsync(http);
            return;
        }

        using var socket = await http.WebSockets.AcceptWebSocketAsync();
        if (await TryServeAsync(http, socket) is { } closure)
        {
            await RefuseAsync(http, socket, closure);
        }
    }

    /// <returns>How the client is closed, if it was not served.</returns>
    private async ValueTask<WebSocketClosure?> TryServeAsync(HttpContext http, WebSocket socket)
    {
        if (http.GetRouteValue("key") is not string key || http.Request.RouteValues.ContainsKey("rest"))
        {
            return PusherErrors.PathNotFound;
        }

        var app = services.Apps.FindByKey(key);
        if (PusherAdmission.Check(http.Request, key, app) is { } refused)
        {
            return refused;
        }

        if (services.TryOpen(app!, services.Sockets, PusherProtocols.Socket, sessionId: null, out var client, out var session) is { } full)
        {
            return full;
        }

        await ServeAsync(http, socket, client!, session!);
        return null;
    }

    private async ValueTask ServeAsync(HttpContext http, WebSocket socket, PusherClient client, Session session)
    {
        try
        {
            using var attachment = session.TryAttach();
            if (attachment is not null)
            {
                await new SessionSocketLink(socket, http.UpgradedStream(), attachment).RunAsync(client, _limits, _ => client.Closure);
            }
        }
        finally
        {
            session.Close();
        }
    }

    private async ValueTask RefuseAsync(HttpContext http, WebSocket socket, WebSocketClosure closure)
    {
        var peer = new WebSocketPeer(socket, http.UpgradedStream(), services.Sessions.Deadlines, services.Options.CloseTimeout);
        await peer.RunAsync(Deaf.Instance, _limits with { Discards = true }, async _ =>
        {
            await peer.SendAsync(services.Sockets.Frame(PusherWriter.Error((int)closure.Code, closure.Reason)));
            return closure;
        });
    }

    /// <summary>Takes nothing from a client that is being refused.</summary>
    private sealed class Deaf : IWebSocketMessages
    {
        public static Deaf Instance { get; } = new();

        public ValueTask OnMessageAsync(WebSocketMessageType type, ReadOnlyMemory<byte> message) => default;

        public void OnRefused(WebSocketClosure closure)
        {
        }
    }
}
