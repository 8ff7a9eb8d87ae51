namespace Channels.AspNetCore.Connections;

/// <summary>What a transport puts around the content of a frame.</summary>
internal enum Framing
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The header of a WebSocket text message.</summary>
    WebSocketText,
}
