using System.Collections.Concurrent;

namespace Channels.AspNetCore.Pusher.Clients;

/// <summary>Tells subscribers how many they are, in apps that want it. Source: docs/protocols/pusher.md#subscription-counting</summary>
/// <param name="services">The front end.</param>
internal sealed class PusherCounting(PusherServices services)
{
    private readonly ConcurrentDictionary<ChannelAddress, CountedChannel> _channels = new();

    /// <summary>Takes a client in that has just subscribed.</summary>
    public void Enter(PusherClient client, PusherSubscription subscription)
    {
        if (IsCounted(client.App, subscription.Channel))
        {
            while (!_channels.GetOrAdd(subscription.Address, Make, (subscription.Channel, client.App)).TryEnter(client))
            {
                // It has just been forgotten.
            }
        }
    }

    /// <summary>Lets a client go that is no longer subscribed.</summary>
    public void Leave(PusherClient client, PusherSubscription subscription)
    {
        if (_channels.TryGetValue(subscription.Address, out var channel) && channel.LeaveLast(client))
        {
            _channels.TryRemove(KeyValuePair.Create(subscription.Address, channel));
        }
    }

    private static bool IsCounted(PusherApp app, PusherChannel channel) =>
        app.Options.SubscriptionCounting && channel.Kind is not (PusherChannelKind.Presence or PusherChannelKind.User);

    private CountedChannel Make(ChannelAddress address, (PusherChannel Channel, PusherApp App) of) => new(services, of.App, of.Channel.Name, address);
}
