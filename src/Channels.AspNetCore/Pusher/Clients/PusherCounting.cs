using System.Collections.Concurrent;

namespace Channels.AspNetCore.Pusher.Clients;

/// <summary>Tells subscribers how many they are, in apps that want it. Source: docs/protocols/pusher.md#subscription-counting</summary>
internal sealed class PusherCounting : IAsyncDisposable
{
    private readonly PusherServices _services;
    private readonly ConcurrentDictionary<ChannelAddress, CountedChannel> _channels = new();
    private readonly Lazy<IAsyncDisposable> _listening;

    /// <param name="services">The front end.</param>
    public PusherCounting(PusherServices services)
    {
        _services = services;
        _listening = new(() => services.Events.Subscribe(ChannelEventKinds.SubscriptionsChanged, HandleAsync));
    }

    /// <summary>Takes a client in that has just subscribed.</summary>
    public void Enter(PusherClient client, PusherSubscription subscription)
    {
        if (IsCounted(client.App, subscription.Channel))
        {
            // Whoever comes or goes by another front end changes the count as well.
            _ = _listening.Value;
            while (!_channels.GetOrAdd(subscription.Address, Make, (subscription.Channel, client.App)).TryEnter(client))
            {
                // It has just been forgotten.
            }
        }
    }

    /// <summary>Lets a client go that wants to be told nothing more, before it unsubscribes.</summary>
    public void Leave(PusherClient client, PusherSubscription subscription)
    {
        if (_channels.TryGetValue(subscription.Address, out var channel))
        {
            channel.Leave(client);
        }
    }

    /// <summary>Tells the others that a client is no longer subscribed.</summary>
    public void TellLeft(PusherSubscription subscription)
    {
        if (_channels.TryGetValue(subscription.Address, out var channel) && channel.TellLeft())
        {
            _channels.TryRemove(KeyValuePair.Create(subscription.Address, channel));
        }
    }

    public ValueTask DisposeAsync() => _listening.IsValueCreated ? _listening.Value.DisposeAsync() : default;

    private static bool IsCounted(PusherApp app, PusherChannel channel) =>
        app.Options.SubscriptionCounting && channel.Kind is not (PusherChannelKind.Presence or PusherChannelKind.User);

    private CountedChannel Make(ChannelAddress address, (PusherChannel Channel, PusherApp App) of) => new(_services, of.App, of.Channel.Name, address);

    private ValueTask HandleAsync(ChannelEvent occurred, CancellationToken cancellationToken)
    {
        if (_channels.TryGetValue(occurred.Address!.Value, out var channel))
        {
            channel.Change();
        }

        return default;
    }
}
