using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Channels.AspNetCore.Pusher;

/// <summary>Gives the engine's limiter what each app permits its clients, unless the host set that limit itself. Follows the apps when they change.</summary>
internal sealed class PusherLimits : IPostConfigureOptions<ChannelsOptions>, IOptionsChangeTokenSource<ChannelsOptions>, IDisposable
{
    private const string ClientEvents = "pusher.client-events";

    private readonly PusherApps _apps;
    private CancellationTokenSource _changed = new();

    /// <param name="apps">The apps.</param>
    public PusherLimits(PusherApps apps)
    {
        _apps = apps;
        apps.Changed += Change;
    }

    string? IOptionsChangeTokenSource<ChannelsOptions>.Name => Options.DefaultName;

    /// <summary>Name of the limit of an app's client events.</summary>
    /// <param name="appId">Id of the app.</param>
    public static string PolicyOf(string appId) => $"{ClientEvents}:{appId}";

    public void PostConfigure(string? name, ChannelsOptions engine)
    {
        foreach (var app in _apps.All)
        {
            engine.Limits.TryAdd(app.EventsPolicy, new()
            {
                Scope = LimitScope.Connection,
                Permits = app.Limits.ClientEventsPerSecond,
                Period = TimeSpan.FromSeconds(1),
            });
        }
    }

    IChangeToken IOptionsChangeTokenSource<ChannelsOptions>.GetChangeToken() => new CancellationChangeToken(Volatile.Read(ref _changed).Token);

    public void Dispose()
    {
        _apps.Changed -= Change;
        _changed.Dispose();
    }

    /// <summary>The engine reads its options again.</summary>
    private void Change()
    {
        using var changed = Interlocked.Exchange(ref _changed, new());
        changed.Cancel();
    }
}
