using Channels.AspNetCore.SocketIo.EngineIo;
using Microsoft.AspNetCore.Http;

namespace Channels.AspNetCore.SocketIo.Packets;

/// <summary>What is served over sockets.</summary>
internal interface ISocketIoApplication
{
    /// <summary>Finds out who connects.</summary>
    /// <param name="http">The handshake.</param>
    /// <returns>Who it is, unless it is refused.</returns>
    ValueTask<(EngineIoError? Refusal, ChannelCaller? Caller)> AdmitAsync(HttpContext http);

    /// <summary>Whether a namespace exists.</summary>
    bool HasNamespace(string name);

    /// <summary>Takes a new socket, which has been told that it is connected. Must be short.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="auth">JSON object that the client joined with; empty for none.</param>
    ISocketIoEvents Connect(SocketIoSocket socket, ReadOnlyMemory<byte> auth);
}
