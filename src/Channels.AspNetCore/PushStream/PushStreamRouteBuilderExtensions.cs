using Channels.AspNetCore;
using Channels.AspNetCore.PushStream;
using Channels.AspNetCore.PushStream.Publishing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the HTTP surface of push streams.</summary>
public static class PushStreamRouteBuilderExtensions
{
    /// <summary>
    /// Serves subscribers under <c>/websocket/</c>, <c>/longpoll/</c>, <c>/shortpoll/</c> and <c>/eventsource/</c>: clients of the Dashly Realtime
    /// Services API and of the nginx push stream module.
    /// </summary>
    /// <param name="endpoints">Where to add the routes.</param>
    /// <param name="prefix">Path before the transports, such as <c>/realtime</c>.</param>
    /// <returns>Adds conventions, such as rate limits, to all the routes.</returns>
    /// <exception cref="InvalidOperationException"><c>AddChannels</c> was not called.</exception>
    /// <exception cref="OptionsValidationException">A setting is out of range.</exception>
    public static IEndpointConventionBuilder MapPushStreamEndpoints(this IEndpointRouteBuilder endpoints, string prefix = "") =>
        endpoints.MapPushStreamEndpoints(static _ => { }, prefix);

    /// <summary>Serves subscribers, with settings of this mapping on top of those configured in the services.</summary>
    /// <param name="endpoints">Where to add the routes.</param>
    /// <param name="configure">Changes the settings.</param>
    /// <param name="prefix">Path before the transports, such as <c>/realtime</c>.</param>
    /// <returns>Adds conventions, such as rate limits, to all the routes.</returns>
    /// <exception cref="InvalidOperationException"><c>AddChannels</c> was not called.</exception>
    /// <exception cref="OptionsValidationException">A setting is out of range.</exception>
    public static IEndpointConventionBuilder MapPushStreamEndpoints(
        this IEndpointRouteBuilder endpoints, Action<PushStreamOptions> configure, string prefix = "")
    {
        ArgumentNullException.ThrowIfNull(configure);
        ArgumentNullException.ThrowIfNull(prefix);
        var services = MakeServices(endpoints, nameof(MapPushStreamEndpoints), configure, PushStreamEndpoints.Methods);
        var group = endpoints.MapGroup(prefix);
        new PushStreamEndpoints(group, services).Map();
        return group;
    }

    /// <summary>
    /// Serves publishers as the push stream module does: <c>POST</c> and <c>PUT</c> publish, <c>GET</c> tells of a channel, <c>DELETE</c> deletes one. They act
    /// as the application, so that nobody is let through until the returned builder says who may: <c>RequireAuthorization(…)</c>, or
    /// <c>AllowAnonymous()</c> where the network keeps others away.
    /// </summary>
    /// <param name="endpoints">Where to add the route.</param>
    /// <param name="path">Its path.</param>
    /// <param name="configure">Changes the settings of this mapping.</param>
    /// <exception cref="InvalidOperationException"><c>AddChannels</c> was not called.</exception>
    /// <exception cref="OptionsValidationException">A setting is out of range.</exception>
    public static IEndpointConventionBuilder MapPushStreamPublisher(
        this IEndpointRouteBuilder endpoints, string path = "/pub", Action<PushStreamOptions>? configure = null)
    {
        var services = MakeServices(endpoints, nameof(MapPushStreamPublisher), configure, PushStreamPublisher.Methods);
        return endpoints.Map(path, (RequestDelegate)new PushStreamPublisher(services, new(services.Streams.Time)).InvokeAsync);
    }

    /// <summary>
    /// Serves numbers of channels as the push stream module does. Nobody is let through until the returned builder says who may:
    /// <c>RequireAuthorization(…)</c>, or <c>AllowAnonymous()</c> where the network keeps others away.
    /// </summary>
    /// <param name="endpoints">Where to add the route.</param>
    /// <param name="path">Its path.</param>
    /// <param name="configure">Changes the settings of this mapping.</param>
    /// <exception cref="InvalidOperationException"><c>AddChannels</c> was not called.</exception>
    /// <exception cref="OptionsValidationException">A setting is out of range.</exception>
    public static IEndpointConventionBuilder MapPushStreamStatistics(
        this IEndpointRouteBuilder endpoints, string path = "/channels-stats", Action<PushStreamOptions>? configure = null)
    {
        var services = MakeServices(endpoints, nameof(MapPushStreamStatistics), configure, PushStreamStatistics.Methods);
        return endpoints.Map(path, (RequestDelegate)new PushStreamStatistics(services, new(services.Streams.Time)).InvokeAsync);
    }

    private static PushStreamServices MakeServices(
        IEndpointRouteBuilder endpoints, string mapping, Action<PushStreamOptions>? configure, string methods)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var options = MappedOptions.Read(endpoints.ServiceProvider, mapping, configure ?? (static _ => { }), new PushStreamOptionsValidator());
        return new(endpoints.ServiceProvider, options, methods);
    }
}
