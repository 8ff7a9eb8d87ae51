using Channels.AspNetCore.Connections;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Channels.AspNetCore.Pusher.Webhooks;

/// <summary>Turns what happens in the engine into webhooks of the apps that want them, in order per channel. Follows the apps when they change.</summary>
internal sealed class PusherWebhooks : IHostedService, IAsyncDisposable
{
    private const ChannelEventKinds Kinds = ChannelEventKinds.Occupied | ChannelEventKinds.Vacated | ChannelEventKinds.MemberAdded
        | ChannelEventKinds.MemberRemoved | ChannelEventKinds.CacheMiss;

    private readonly IChannelEvents _events;
    private readonly PusherApps _configured;
    private readonly PusherWebhookSettings _settings;
    private readonly Deadlines _deadlines;
    private readonly Lock _gate = new();
    private volatile PusherWebhookApp[] _apps = [];
    private IAsyncDisposable? _subscription;
    private ChannelEventKinds _subscribed;
    private Task _following = Task.CompletedTask;
    private bool _isStopped;
    private int _disposed;

    public PusherWebhooks(
        IChannelEvents events,
        PusherApps apps,
        IOptions<PusherOptions> options,
        IHttpClientFactory clients,
        PusherMetrics metrics,
        TimeProvider time,
        ILogger<PusherWebhooks> logger)
    {
        _events = events;
        _configured = apps;
        _deadlines = new(time);
        _settings = new(options.Value.Webhooks, clients, metrics, time, logger);
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _configured.Changed += Follow;
        Follow();
        return _following;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _configured.Changed -= Follow;
        lock (_gate)
        {
            _isStopped = true;
        }

        await _following;
        await UnsubscribeAsync();
    }

    /// <summary>Tells how many are subscribed to a channel.</summary>
    public void TellCount(PusherApp app, string channel, int count)
    {
        foreach (var receiver in _apps)
        {
            if (receiver.App.Key == app.Key)
            {
                receiver.Add(new(PusherWebhookEvents.SubscriptionCount, channel) { SubscriptionCount = count });
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        // The provider knows it as itself and as a hosted service.
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await StopAsync(CancellationToken.None);
        foreach (var app in _apps)
        {
            await app.DisposeAsync();
        }

        _deadlines.Dispose();
    }

    private void Follow()
    {
        lock (_gate)
        {
            _following = _isStopped ? _following : FollowAsync(_following);
        }
    }

    /// <summary>Takes over the receivers as they are configured now; nothing is left of those that are gone when it has completed.</summary>
    private async Task FollowAsync(Task earlier)
    {
        await earlier;
        var before = _apps.ToList();
        var apps = new List<PusherWebhookApp>();
        var gone = new List<IAsyncDisposable>();
        foreach (var app in _configured.All.Where(app => app.Options.Webhooks.Count > 0))
        {
            if (before.Find(one => one.App.Options.Id == app.Options.Id && one.App.Instance == app.Instance) is { } known)
            {
                before.Remove(known);
                gone.AddRange(known.Continue(app));
                apps.Add(known);
            }
            else
            {
                apps.Add(new(app, _settings, _deadlines));
            }
        }

        _apps = [.. apps];
        await SubscribeAsync(WantedKinds());
        foreach (var one in gone.Concat(before))
        {
            await one.DisposeAsync();
        }
    }

    private ChannelEventKinds WantedKinds() =>
        _apps.Length == 0 ? ChannelEventKinds.None
        : Array.Exists(_apps, app => app.Wants(PusherWebhookEvents.ClientEvent)) ? Kinds | ChannelEventKinds.Published
        : Kinds;

    /// <summary>Listens for more kinds of events; what happens at the very moment at which client events are wanted for the first time may be missed.</summary>
    private async ValueTask SubscribeAsync(ChannelEventKinds wanted)
    {
        if ((wanted & ~_subscribed) != 0)
        {
            await UnsubscribeAsync();
            _subscribed |= wanted;
            _subscription = _events.Subscribe(_subscribed, HandleAsync);
        }
    }

    private ValueTask UnsubscribeAsync()
    {
        var subscription = _subscription;
        _subscription = null;
        return subscription?.DisposeAsync() ?? default;
    }

    private ValueTask HandleAsync(ChannelEvent occurred, CancellationToken cancellationToken)
    {
        foreach (var app in _apps)
        {
            app.Handle(occurred);
        }

        return default;
    }
}
