namespace Channels.AspNetCore.Pusher.Api;

/// <summary>Counts who is on channels, as the engine knows it.</summary>
/// <param name="addresses">What names stand for.</param>
internal sealed class PusherCounts(PusherAddresses addresses)
{
    /// <summary>The attributes of one channel that were asked for and apply to it.</summary>
    public async ValueTask<PusherAttributes> OfAsync(PusherCall call, PusherChannel channel, PusherInfo info)
    {
        var address = await addresses.ResolveAsync(call.App, channel.Name, call.Aborted);
        var count = await call.Channels.Presence.CountAsync(address, call.Aborted);
        return Select(channel, info, count.Subscriptions, count.Members);
    }

    public async ValueTask<IReadOnlyList<KeyValuePair<string, PusherAttributes>>> OfAsync(
        PusherCall call, IReadOnlyList<PusherChannel> channels, PusherInfo info)
    {
        var attributes = new List<KeyValuePair<string, PusherAttributes>>(channels.Count);
        foreach (var channel in channels)
        {
            attributes.Add(new(channel.Name, await OfAsync(call, channel, info)));
        }

        return attributes;
    }

    /// <summary>The attributes that were asked for and apply to a channel.</summary>
    public static PusherAttributes Select(PusherChannel channel, PusherInfo info, int subscriptions, int members) => new(
        (info & PusherInfo.UserCount) != 0 && channel.Kind == PusherChannelKind.Presence ? members : null,
        (info & PusherInfo.SubscriptionCount) != 0 ? subscriptions : null);
}
