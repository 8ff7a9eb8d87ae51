namespace Channels.AspNetCore.SocketIo.EngineIo;

/// <summary>Revision of the Engine.IO protocol. Source: docs/protocols/socketio.md#revisions</summary>
internal enum EngineIoRevision
{
    /// <summary>Clients 1.x and 2.x: they ping, and count payloads by length.</summary>
    V3,

    /// <summary>Clients 3.x and 4.x: the server pings, and payloads are separated.</summary>
    V4,
}
