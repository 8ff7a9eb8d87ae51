using Channels.AspNetCore.Pusher;
using Channels.AspNetCore.Pusher.Auth;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the Pusher Channels front end.</summary>
public static class PusherEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Serves Pusher clients and servers: WebSockets under <c>/app/{key}</c>, the HTTP API under <c>/apps/{id}</c>, and the HTTP fallbacks under
    /// <see cref="PusherOptions.FallbackPath"/>.
    /// </summary>
    /// <param name="endpoints">Where to add the routes.</param>
    /// <param name="prefix">Path before all of them, such as <c>/realtime</c>; clients call it <c>wsPath</c>.</param>
    /// <returns>Adds conventions to all the routes.</returns>
    /// <exception cref="InvalidOperationException"><c>AddPusher</c> was not called.</exception>
    public static IEndpointConventionBuilder MapPusherEndpoints(this IEndpointRouteBuilder endpoints, string prefix = "")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(prefix);
        var services = Services(endpoints, nameof(MapPusherEndpoints));
        var group = endpoints.MapGroup(prefix);
        PusherEndpoints.Map(group, services);
        return group;
    }

    /// <summary>
    /// Answers clients that want to subscribe to private, encrypted and presence channels, or to sign in: the address that they call
    /// <c>authEndpoint</c>. For applications that need no other Pusher package.
    /// </summary>
    /// <param name="endpoints">Where to add the route.</param>
    /// <param name="pattern">Path, such as <c>/pusher/auth</c>.</param>
    /// <param name="decide">Decides for each client; what it throws is answered with 500.</param>
    /// <param name="appKey">Key of the app; <see langword="null"/> where there is only one.</param>
    /// <param name="encryptionMasterKey">Master key of encrypted channels, 32 bytes; empty for none.</param>
    /// <returns>Adds conventions, such as authorization, to the route.</returns>
    /// <exception cref="InvalidOperationException"><c>AddPusher</c> was not called.</exception>
    public static IEndpointConventionBuilder MapPusherAuth(
        this IEndpointRouteBuilder endpoints,
        string pattern,
        Func<PusherAuthRequest, CancellationToken, ValueTask<PusherAuthDecision>> decide,
        string? appKey = null,
        ReadOnlySpan<byte> encryptionMasterKey = default)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pattern);
        ArgumentNullException.ThrowIfNull(decide);
        var services = Services(endpoints, nameof(MapPusherAuth));
        return endpoints.Map(pattern, new PusherAuthEndpoint(services, appKey, encryptionMasterKey.ToArray(), decide).InvokeAsync);
    }

    private static PusherServices Services(IEndpointRouteBuilder endpoints, string mapping) =>
        endpoints.ServiceProvider.GetService<PusherServices>() ?? throw new InvalidOperationException(
            $"Pusher is not registered. Call 'builder.Services.AddChannels().AddPusher(…)' before 'app.{mapping}()'.");
}
