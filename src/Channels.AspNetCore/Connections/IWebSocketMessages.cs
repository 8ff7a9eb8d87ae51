using System.Net.WebSockets;

namespace Channels.AspNetCore.Connections;

/// <summary>What a front end does with what a client sends over a WebSocket.</summary>
internal interface IWebSocketMessages
{
    /// <summary>Takes a whole message. Nothing more is received until it has been dealt with.</summary>
    /// <param name="type">Text, which is valid UTF-8, or binary.</param>
    /// <param name="message">The message, valid until the answer.</param>
    ValueTask OnMessageAsync(WebSocketMessageType type, ReadOnlyMemory<byte> message);

    /// <summary>
    /// The client broke a limit: the socket is to be closed in this way. Called once, perhaps on a timer's thread. Whatever comes until the
    /// client has answered the close is thrown away.
    /// </summary>
    void OnRefused(WebSocketClosure closure);

    /// <summary>The client has closed or is gone: nothing more comes.</summary>
    void OnEnded()
    {
    }
}
