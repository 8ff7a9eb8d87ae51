using Channels.AspNetCore.Connections;
using Channels.AspNetCore.SocketIo.EngineIo;
using Channels.AspNetCore.SocketIo.Packets;
using Microsoft.AspNetCore.Http;

namespace Channels.SocketIo.Conformance;

/// <summary>The namespaces <c>/</c> and <c>/custom</c>: they tell what a client joined with, and send what they are told back.</summary>
internal sealed class NamespacesApplication : ISocketIoApplication
{
    public ValueTask<(EngineIoError? Refusal, ChannelCaller? Caller)> AdmitAsync(HttpContext http) => new((null, ChannelCaller.Anonymous));

    public bool HasNamespace(string name) => name is "/" or "/custom";

    public ISocketIoEvents Connect(SocketIoSocket socket, ReadOnlyMemory<byte> auth)
    {
        socket.Emit("auth", auth.IsEmpty ? "{}"u8 : auth.Span);
        return new Events(socket);
    }

    private sealed class Events(SocketIoSocket socket) : ISocketIoEvents
    {
        public ValueTask OnEventAsync(SocketIoEventPacket packet, CancellationToken cancellationToken)
        {
            if (packet.Name == "message")
            {
                socket.Emit("message-back", packet.Arguments.Span, [.. packet.Attachments]);
            }
            else if (packet is { Name: "message-with-ack", AckId: { } id })
            {
                socket.Acknowledge(id, packet.Arguments.Span, [.. packet.Attachments]);
            }

            return default;
        }

        public Frame Encode(in Delivery delivery) => default;

        public void OnDisconnected()
        {
        }
    }
}
