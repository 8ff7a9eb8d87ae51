using System.Net.WebSockets;

namespace Channels.AspNetCore.Connections;

/// <summary>How a WebSocket is closed.</summary>
/// <param name="Code">Close code.</param>
/// <param name="Reason">For people, at most 123 bytes.</param>
internal readonly record struct WebSocketClosure(WebSocketCloseStatus Code, string Reason);
