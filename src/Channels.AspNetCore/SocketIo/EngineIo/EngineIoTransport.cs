namespace Channels.AspNetCore.SocketIo.EngineIo;

/// <summary>How a session's messages travel.</summary>
internal enum EngineIoTransport
{
    /// <summary>By requests.</summary>
    Polling,

    /// <summary>Over one WebSocket, to which polling may change but never back.</summary>
    WebSocket,
}
