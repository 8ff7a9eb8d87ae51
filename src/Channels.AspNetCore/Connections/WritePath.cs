namespace Channels.AspNetCore.Connections;

/// <summary>By what way a WebSocket's frames came to write where writing to sockets directly is permitted, and why not directly.</summary>
internal enum WritePath
{
    /// <summary>Straight to the connection's socket.</summary>
    Direct,

    /// <summary>Through the server: the request is not of HTTP/1.1.</summary>
    OtherProtocol,

    /// <summary>Through the server: what is written has to be encrypted.</summary>
    Encrypted,

    /// <summary>Through the server: there is no socket, or something stands between it and the server.</summary>
    OtherTransport,

    /// <summary>Through the server: it ended before its client had shown that nothing was left in the server's hands.</summary>
    Unproven,
}
