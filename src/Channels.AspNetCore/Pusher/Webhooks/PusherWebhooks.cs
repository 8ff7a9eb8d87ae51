using Channels.AspNetCore.Connections;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Channels.AspNetCore.Pusher.Webhooks;

/// <summary>Turns what happens in the engine into webhooks of the apps that want them, in order per channel.</summary>
internal sealed class PusherWebhooks : IHostedService, IAsyncDisposable
{
    private const ChannelEventKinds Kinds = ChannelEventKinds.Occupied | ChannelEventKinds.Vacated | ChannelEventKinds.MemberAdded
        | ChannelEventKinds.MemberRemoved | ChannelEventKinds.CacheMiss;

    private readonly IChannelEvents _events;
    private readonly PusherWebhookApp[] _apps;
    private readonly Deadlines _deadlines;
    private IAsyncDisposable? _subscription;
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
        _deadlines = new(time);
        var settings = new PusherWebhookSettings(options.Value.Webhooks, clients, metrics, time, logger);
        _apps = [.. apps.All.Where(app => app.Options.Webhooks.Count > 0).Select(app => new PusherWebhookApp(app, settings, _deadlines))];
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (_apps.Length > 0)
        {
            var wanted = _apps.Any(app => app.Wants(PusherWebhookEvents.ClientEvent)) ? Kinds | ChannelEventKinds.Published : Kinds;
            _subscription = _events.Subscribe(wanted, HandleAsync);
        }

        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_subscription is { } subscription)
        {
            _subscription = null;
            await subscription.DisposeAsync();
        }
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

    private ValueTask HandleAsync(ChannelEvent occurred, CancellationToken cancellationToken)
    {
        foreach (var app in _apps)
        {
            app.Handle(occurred);
        }

        return default;
    }
}
