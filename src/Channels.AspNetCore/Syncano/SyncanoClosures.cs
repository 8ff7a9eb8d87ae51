using System.Diagnostics;
using System.Net.WebSockets;
using Channels.AspNetCore.Connections;

namespace Channels.AspNetCore.Syncano;

/// <summary>WebSocket close codes. Source: docs/protocols/native.md#close-codes</summary>
internal static class SyncanoClosures
{
    private static readonly WebSocketClosure Expired = new((WebSocketCloseStatus)4001, "credentials expired");
    private static readonly WebSocketClosure Revoked = new((WebSocketCloseStatus)4003, "access revoked");
    private static readonly WebSocketClosure TooSlow = new((WebSocketCloseStatus)4008, "too slow, resume with last_id");
    private static readonly WebSocketClosure Draining = new(WebSocketCloseStatus.EndpointUnavailable, "restarting, resume with last_id");
    private static readonly WebSocketClosure Done = new(WebSocketCloseStatus.NormalClosure, "");

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
