using Channels.AspNetCore.Bayeux;
using Channels.AspNetCore.Bayeux.Epicenter;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the Bayeux front end.</summary>
public static class BayeuxEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Serves CometD and Faye clients under <c>/v2/channel/subscribe</c>: WebSocket, long-polling and, where the options turn it on,
    /// callback-polling. Messages are published over REST under <c>/v2/channel/publish/</c>.
    /// </summary>
    /// <param name="endpoints">Where to add the routes.</param>
    /// <param name="prefix">Path before <c>/v2</c>, such as <c>/realtime</c>.</param>
    /// <returns>Adds conventions, such as rate limits, to all the routes.</returns>
    /// <exception cref="InvalidOperationException"><c>AddBayeux</c> was not called.</exception>
    public static IEndpointConventionBuilder MapBayeuxEndpoints(this IEndpointRouteBuilder endpoints, string prefix = "")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(prefix);
        if (endpoints.ServiceProvider.GetService<IServiceProviderIsService>()?.IsService(typeof(BayeuxServices)) != true)
        {
            throw new InvalidOperationException(
                "The Bayeux front end is not registered. Call 'builder.Services.AddChannels().AddBayeux()' before 'app.MapBayeuxEndpoints()'.");
        }

        var services = endpoints.ServiceProvider.GetRequiredService<BayeuxServices>();
        var group = endpoints.MapGroup(prefix);
        new BayeuxEndpoints(services).Map(group);
        new EpicenterPublishEndpoint(services).Map(group);
        return group;
    }
}
