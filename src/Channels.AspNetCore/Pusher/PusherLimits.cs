using Microsoft.Extensions.Options;

namespace Channels.AspNetCore.Pusher;

/// <summary>Gives the engine's limiter what each app permits its clients, unless the host set that limit itself.</summary>
/// <param name="options">The apps.</param>
internal sealed class PusherLimits(IOptions<PusherOptions> options) : IPostConfigureOptions<ChannelsOptions>
{
    private const string ClientEvents = "pusher.client-events";

    /// <summary>Name of the limit of an app's client events.</summary>
    /// <param name="appId">Id of the app.</param>
    public static string PolicyOf(string appId) => $"{ClientEvents}:{appId}";

    public void PostConfigure(string? name, ChannelsOptions engine)
    {
        foreach (var app in options.Value.Apps)
        {
            engine.Limits.TryAdd(PolicyOf(app.Id), new()
            {
                Scope = LimitScope.Connection,
                Permits = app.Limits.ClientEventsPerSecond,
                Period = TimeSpan.FromSeconds(1),
            });
        }
    }
}
