namespace Channels.AspNetCore.Bayeux;

/// <summary>Finds the engine's address of a channel. Source: docs/protocols/bayeux.md#names</summary>
internal sealed class BayeuxAddresses(IChannels channels, string instance)
{
    /// <summary>
    /// The last segment is a room where the part before it is a channel with rooms, unless a stored channel has the whole name.
    /// </summary>
    public async ValueTask<ChannelAddress> FindAsync(BayeuxChannel channel, CancellationToken cancellationToken)
    {
        var whole = new ChannelAddress(channel.Name, null, instance);
        var slash = channel.Name.LastIndexOf('/');
        if (slash < 0 || !whole.IsValid)
        {
            return whole;
        }

        var (_, named) = await channels.Catalog.GetAsync(whole.Channel, cancellationToken);
        if (named?.Version > 0)
        {
            return whole;
        }

        var room = new ChannelAddress(channel.Name[..slash], channel.Name[(slash + 1)..], instance);
        var (_, parent) = await channels.Catalog.GetAsync(room.Channel, cancellationToken);
        return parent?.Type == ChannelType.SeparateRooms ? room : whole;
    }
}
