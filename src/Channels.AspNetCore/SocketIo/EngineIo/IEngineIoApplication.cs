using Microsoft.AspNetCore.Http;

namespace Channels.AspNetCore.SocketIo.EngineIo;

/// <summary>What is served over sessions.</summary>
internal interface IEngineIoApplication
{
    /// <summary>Finds out who opens a session.</summary>
    /// <param name="http">The handshake.</param>
    /// <returns>Who it is, unless it is refused.</returns>
    ValueTask<(EngineIoError? Refusal, ChannelCaller? Caller)> AdmitAsync(HttpContext http);

    /// <summary>Takes a new session, whose open packet has been queued. Must be short.</summary>
    IEngineIoMessages Open(EngineIoSession session);
}
