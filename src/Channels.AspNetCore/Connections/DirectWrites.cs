using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Channels.AspNetCore.Connections;

/// <summary>Leave to write WebSockets straight to their connections' sockets, where that can be done; a pipeline without it never does.</summary>
internal sealed class DirectWrites(WebSocketMetrics metrics)
{
    /// <summary>Prepares a connection that is being upgraded.</summary>
    /// <param name="http">Its request.</param>
    /// <returns><see langword="null"/> where frames must pass the server.</returns>
    public DirectOutput? TryPrepare(HttpContext http)
    {
        var obstacle = FindObstacle(http, out var socket);
        if (obstacle is { } path)
        {
            metrics.Chosen(path);
            return null;
        }

        return new(socket!, http.Abort, metrics);
    }

    private static WritePath? FindObstacle(HttpContext http, out Socket? socket)
    {
        var features = http.Features;
        socket = null;
        if (!HttpProtocol.IsHttp11(http.Request.Protocol) || features.Get<IHttpUpgradeFeature>()?.IsUpgradableRequest != true)
        {
            return WritePath.OtherProtocol;
        }

        // What the connection is, not what a proxy says of it: behind one that ends the encryption the socket is plain.
        if (features.Get<ITlsHandshakeFeature>() is not null)
        {
            return WritePath.Encrypted;
        }

        // Connection middleware, such as a filter or a log, puts a transport of its own before the socket's, and must see every byte.
        socket = features.Get<IConnectionSocketFeature>()?.Socket;
        var transport = features.Get<IConnectionTransportFeature>()?.Transport;
        return socket?.SocketType == SocketType.Stream && transport?.GetType().Assembly == typeof(SocketTransportOptions).Assembly
            ? null
            : WritePath.OtherTransport;
    }
}
