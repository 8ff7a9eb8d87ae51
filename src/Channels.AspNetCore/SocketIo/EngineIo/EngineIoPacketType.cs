namespace Channels.AspNetCore.SocketIo.EngineIo;

/// <summary>Types of packets; the wire has their number.</summary>
internal enum EngineIoPacketType
{
    /// <summary>Tells the client its session.</summary>
    Open,

    /// <summary>Ends the session.</summary>
    Close,

    /// <summary>Asks whether the other side is there.</summary>
    Ping,

    /// <summary>Answers a ping.</summary>
    Pong,

    /// <summary>Carries a message.</summary>
    Message,

    /// <summary>Completes the change to a WebSocket.</summary>
    Upgrade,

    /// <summary>Says nothing; ends a poll.</summary>
    Noop,
}
