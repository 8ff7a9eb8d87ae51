namespace Channels.AspNetCore.Pusher;

/// <summary>Finds what a channel name stands for: this wire has no rooms, so that <c>channel.room</c> may be a room.</summary>
/// <param name="channels">The engine, acting as the host.</param>
internal sealed class PusherAddresses(IChannels channels)
{
    /// <summary>How this wire spells an address.</summary>
    public static string NameOf(in ChannelAddress address) => address.Room is null ? address.Channel : $"{address.Channel}.{address.Room}";

    /// <summary>A name that ends in a dot and more is a room where the part before is a channel with rooms, unless a stored channel has the whole name.</summary>
    /// <param name="app">The app.</param>
    /// <param name="name">The name, valid.</param>
    /// <param name="cancellationToken">Abandons the look-up.</param>
    public ValueTask<ChannelAddress> ResolveAsync(PusherApp app, string name, CancellationToken cancellationToken)
    {
        var dot = name.LastIndexOf('.');
        return dot <= 0 || dot == name.Length - 1 ? new(app.Address(name)) : ResolveRoomAsync(app, name, dot, cancellationToken);
    }

    private async ValueTask<ChannelAddress> ResolveRoomAsync(PusherApp app, string name, int dot, CancellationToken cancellationToken)
    {
        var catalog = channels.In(app.Instance).Catalog;
        var (_, whole) = await catalog.GetAsync(name, cancellationToken);
        if (whole is { Version: > 0 })
        {
            return app.Address(name);
        }

        var (_, parent) = await catalog.GetAsync(name[..dot], cancellationToken);
        return parent?.Type == ChannelType.SeparateRooms
            ? new(name[..dot], name[(dot + 1)..], app.Instance)
            : app.Address(name);
    }
}
