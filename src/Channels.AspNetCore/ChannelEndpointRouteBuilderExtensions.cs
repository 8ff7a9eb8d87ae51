using Channels.AspNetCore;
using Channels.AspNetCore.Syncano;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the HTTP surface of channels.</summary>
public static class ChannelEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Serves channels under <c>/v1/instances/{instance}/</c> and <c>/v1.1/instances/{instance}/</c>: REST, long poll, WebSocket and
    /// server-sent events, for Syncano clients and plain HTTP alike.
    /// </summary>
    /// <param name="endpoints">Where to add the routes.</param>
    /// <param name="prefix">Path before <c>/v1</c>, such as <c>/realtime</c>.</param>
    /// <returns>Adds conventions, such as authorization or rate limits, to all the routes.</returns>
    /// <exception cref="InvalidOperationException"><c>AddChannels</c> was not called.</exception>
    /// <exception cref="OptionsValidationException">A setting is out of range.</exception>
    public static IEndpointConventionBuilder MapChannelEndpoints(this IEndpointRouteBuilder endpoints, string prefix = "") =>
        endpoints.MapChannelEndpoints(static _ => { }, prefix);

    /// <summary>Serves channels, with settings of this mapping on top of those configured in the services.</summary>
    /// <param name="endpoints">Where to add the routes.</param>
    /// <param name="configure">Changes the settings.</param>
    /// <param name="prefix">Path before <c>/v1</c>, such as <c>/realtime</c>.</param>
    /// <returns>Adds conventions, such as authorization or rate limits, to all the routes.</returns>
    /// <exception cref="InvalidOperationException"><c>AddChannels</c> was not called.</exception>
    /// <exception cref="OptionsValidationException">A setting is out of range.</exception>
    public static IEndpointConventionBuilder MapChannelEndpoints(
        this IEndpointRouteBuilder endpoints, Action<ChannelEndpointOptions> configure, string prefix = "")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(configure);
        ArgumentNullException.ThrowIfNull(prefix);
        var options = MappedOptions.Read(
            endpoints.ServiceProvider, nameof(MapChannelEndpoints), configure, new ChannelEndpointOptionsValidator());
        var services = new SyncanoServices(endpoints.ServiceProvider, options);
        var group = endpoints.MapGroup(prefix);
        SyncanoEndpoints.Map(group, services);
        return group;
    }
}
