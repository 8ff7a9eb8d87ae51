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
    private Task _ending = Task.CompletedTask;
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
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _configured.Changed -= Follow;
        lock (_gate)
        {
            _isStopped = true;
            Unsubscribe_NeedsLock();
            return _ending;
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

    /// <summary>Takes over the receivers as they are configured now, and lets those go that are gone.</summary>
    private void Follow()
    {
        lock (_gate)
        {
            if (_isStopped)
            {
                return;
            }

            var before = _apps.ToList();
            var apps = new List<PusherWebhookApp>();
            foreach (var app in _configured.All.Where(app => app.Options.Webhooks.Count > 0))
            {
                if (before.Find(one => one.App.Options.Id == app.Options.Id && one.App.Instance == app.Instance) is { } known)
                {
                    before.Remove(known);
                    End_NeedsLock(known.Continue(app));
                    apps.Add(known);
                }
                else
                {
                    apps.Add(new(app, _settings, _deadlines));
                }
            }

            _apps = [.. apps];
            End_NeedsLock(before);
            Subscribe_NeedsLock(WantedKinds());
        }
    }

    private ChannelEventKinds WantedKinds() =>
        _apps.Length == 0 ? ChannelEventKinds.None
        : Array.Exists(_apps, app => app.Wants(PusherWebhookEvents.ClientEvent)) ? Kinds | ChannelEventKinds.Published
        : Kinds;

    /// <summary>Listens for more kinds of events; what happens at the very moment at which client events are wanted for the first time may be missed.</summary>
    private void Subscribe_NeedsLock(ChannelEventKinds wanted)
    {
        if ((wanted & ~_subscribed) != 0)
        {
            Unsubscribe_NeedsLock();
            _subscribed |= wanted;
            _subscription = _events.Subscribe(_subscribed, HandleAsync);
        }
    }

    private void Unsubscribe_NeedsLock()
    {
        if (_subscription is { } subscription)
        {
            _subscription = null;
            End_NeedsLock([subscription]);
        }
    }

    /// <summary>Ends what is not needed any more; whoever stops waits for it.</summary>
    private void End_NeedsLock(IReadOnlyList<IAsyncDisposable> ended) =>
        _ending = ended.Count == 0 ? _ending : Task.WhenAll([_ending, .. ended.Select(static one => one.DisposeAsync().AsTask())]);

    private ValueTask HandleAsync(ChannelEvent occurred, CancellationToken cancellationToken)
    {
        foreach (var app in _apps)
        {
            app.Handle(occurred);
        }

        return default;
    }
}
