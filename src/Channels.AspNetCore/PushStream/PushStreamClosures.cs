using System.Diagnostics;
using System.Net.WebSockets;
using Channels.AspNetCore.Connections;

namespace Channels.AspNetCore.PushStream;

/// <summary>WebSocket close codes. Source: docs/protocols/pushstream.md#websocket</summary>
internal static class PushStreamClosures
{
    private const WebSocketCloseStatus NoToken = (WebSocketCloseStatus)3401;
    private const WebSocketCloseStatus TryAgainLater = (WebSocketCloseStatus)1013;

    private static readonly WebSocketClosure Done = new(WebSocketCloseStatus.NormalClosure, "");
    private static readonly WebSocketClosure Expired = new(NoToken, "token expired");
    private static readonly WebSocketClosure Revoked = new(NoToken, "token revoked");
    private static readonly WebSocketClosure TooSlow = new(TryAgainLater, "too slow, resume with tag and time");
    private static readonly WebSocketClosure Draining = new(WebSocketCloseStatus.EndpointUnavailable, "restarting, resume with tag and time");

    public static WebSocketClosure Of(ConnectionEnd end) => end switch
    {
        ConnectionEnd.None or ConnectionEnd.Closed => Done,
        ConnectionEnd.TooSlow => TooSlow,
        ConnectionEnd.CallerExpired => Expired,
        ConnectionEnd.Revoked => Revoked,
        ConnectionEnd.Draining => Draining,
        _ => throw new UnreachableException(),
    };
}
