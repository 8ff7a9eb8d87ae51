using System.Net.WebSockets;
using Channels.AspNetCore.Connections;

namespace Channels.AspNetCore.SocketIo.EngineIo;

/// <summary>Takes what a WebSocket receives for its session.</summary>
internal sealed class EngineIoInbox(EngineIoSession session) : IWebSocketMessages
{
    public async ValueTask OnMessageAsync(WebSocketMessageType type, ReadOnlyMemory<byte> message)
    {
        if (TryRead(session, type, message, out var packet))
        {
            await session.ReceiveAsync(packet);
        }
        else
        {
            session.Lose();
        }
    }

    /// <summary>The socket tells the client by itself.</summary>
    public void OnRefused(WebSocketClosure closure)
    {
    }

    public static bool TryRead(EngineIoSession session, WebSocketMessageType type, ReadOnlyMemory<byte> message, out EngineIoPacket packet) =>
        type == WebSocketMessageType.Binary
            ? EngineIoPacketReader.TryReadBinary(message, session.Revision, out packet)
            : EngineIoPacketReader.TryReadText(message, session.Revision, out packet);
}
