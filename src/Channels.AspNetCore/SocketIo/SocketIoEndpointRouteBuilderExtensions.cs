using Channels.AspNetCore;
using Channels.AspNetCore.SocketIo;
using Channels.AspNetCore.SocketIo.EngineIo;
using Channels.AspNetCore.SocketIo.Packets;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the Socket.IO front end.</summary>
public static class SocketIoEndpointRouteBuilderExtensions
{
    /// <summary>Serves clients of Socket.IO, above all those of Speakap.</summary>
    /// <param name="endpoints">Where to add the route.</param>
    /// <param name="path">The path that clients are told, with or without a slash at its end; everything below it is served too.</param>
    /// <returns>Adds conventions, such as authorization or rate limits, to the route.</returns>
    /// <exception cref="InvalidOperationException"><c>AddChannels</c> or <c>AddSocketIo</c> was not called.</exception>
    /// <exception cref="OptionsValidationException">A setting is out of range.</exception>
    public static IEndpointConventionBuilder MapSocketIoEndpoints(this IEndpointRouteBuilder endpoints, string path = "/socket.io") =>
        endpoints.MapSocketIoEndpoints(static _ => { }, path);

    /// <summary>Serves clients of Socket.IO, with settings of this mapping on top of those configured in the services.</summary>
    /// <param name="endpoints">Where to add the route.</param>
    /// <param name="configure">Changes the settings. Who may receive the channels of a family is for all mappings, and is set by <c>AddSocketIo</c>.</param>
    /// <param name="path">The path that clients are told, with or without a slash at its end; everything below it is served too.</param>
    /// <returns>Adds conventions, such as authorization or rate limits, to the route.</returns>
    /// <exception cref="InvalidOperationException"><c>AddChannels</c> or <c>AddSocketIo</c> was not called.</exception>
    /// <exception cref="OptionsValidationException">A setting is out of range.</exception>
    public static IEndpointConventionBuilder MapSocketIoEndpoints(
        this IEndpointRouteBuilder endpoints, Action<SocketIoOptions> configure, string path = "/socket.io")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(configure);
        ArgumentNullException.ThrowIfNull(path);
        var options = MappedOptions.Read(endpoints.ServiceProvider, nameof(MapSocketIoEndpoints), configure, new SocketIoOptionsValidator());
        if (endpoints.ServiceProvider.GetService<SocketIoMarker>() is null)
        {
            throw new InvalidOperationException("Socket.IO is not registered. Call 'AddSocketIo()' behind 'AddChannels()' before 'app.MapSocketIoEndpoints()'.");
        }

        var services = new SocketIoServices(endpoints.ServiceProvider, options);
        var application = new SocketIoApplication(services, SocketIoServices.PacketsOf(options));
        var server = new EngineIoServer(endpoints.ServiceProvider, SocketIoServices.EngineOf(options), application, SocketIoServices.FrontEnd);
        endpoints.ServiceProvider.GetService<IHostApplicationLifetime>()?.ApplicationStopped.UnsafeRegister(
            static ended => ((EngineIoServer)ended!).Dispose(), server);
        return new EngineIoEndpoint(server, services.Origins, options.AllowAnyOrigin).Map(endpoints, path);
    }
}
