using Channels.AspNetCore.Connections;
using Channels.AspNetCore.SocketIo.EngineIo;
using Microsoft.AspNetCore.Http;

namespace Channels.SocketIo.Conformance;

/// <summary>Sends every message back.</summary>
internal sealed class EchoApplication : IEngineIoApplication
{
    public ValueTask<(EngineIoError? Refusal, ChannelCaller? Caller)> AdmitAsync(HttpContext http) => new((null, ChannelCaller.Anonymous));

    public IEngineIoMessages Open(EngineIoSession session) => new Echo(session);

    private sealed class Echo(EngineIoSession session) : IEngineIoMessages
    {
        public ValueTask OnTextAsync(ReadOnlyMemory<byte> text)
        {
            session.SendText(text.Span);
            return default;
        }

        public ValueTask OnBinaryAsync(ReadOnlyMemory<byte> bytes)
        {
            session.SendBinary(bytes.Span);
            return default;
        }

        public Frame Encode(in Delivery delivery) => default;

        public void OnClosed()
        {
        }
    }
}
