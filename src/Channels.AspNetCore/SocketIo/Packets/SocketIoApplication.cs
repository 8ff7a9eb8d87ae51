using Channels.AspNetCore.SocketIo.EngineIo;
using Microsoft.AspNetCore.Http;

namespace Channels.AspNetCore.SocketIo.Packets;

/// <summary>Serves sockets over Engine.IO sessions.</summary>
internal sealed class SocketIoApplication(ISocketIoApplication application, SocketIoSettings settings) : IEngineIoApplication
{
    public ValueTask<(EngineIoError? Refusal, ChannelCaller? Caller)> AdmitAsync(HttpContext http) => application.AdmitAsync(http);

    public IEngineIoMessages Open(EngineIoSession session)
    {
        var connection = new SocketIoConnection(session, application, settings);
        connection.Open();
        return connection;
    }
}
