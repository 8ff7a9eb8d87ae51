namespace Channels.AspNetCore.PushStream;

/// <summary>Turns names of this wire into addresses. Source: docs/protocols/pushstream.md#rooms</summary>
/// <param name="catalog">The channels, as the application sees them.</param>
/// <param name="instance">The instance that is served.</param>
internal sealed class PushStreamNames(IChannelCatalog catalog, string instance)
{
    /// <summary>
    /// What follows the first dot is a room where the part before it is a channel with rooms, and no stored channel has the whole name: a pattern
    /// that another front end brought along has any name.
    /// </summary>
    public ValueTask<ChannelAddress> ResolveAsync(string name, CancellationToken cancellationToken)
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && dot < name.Length - 1 ? ResolveAsync(name, dot, cancellationToken) : new(new ChannelAddress(name, null, instance));
    }

    private async ValueTask<ChannelAddress> ResolveAsync(string name, int dot, CancellationToken cancellationToken)
    {
        var whole = new ChannelAddress(name, null, instance);
        var (_, known) = await catalog.GetAsync(name, cancellationToken);
        if (known is { Version: > 0 })
        {
            return whole;
        }

        var (_, parent) = await catalog.GetAsync(name[..dot], cancellationToken);
        return parent?.Type == ChannelType.SeparateRooms ? new(name[..dot], name[(dot + 1)..], instance) : whole;
    }
}
