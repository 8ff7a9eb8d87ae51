using Channels.LoadTest.Roles;

namespace Channels.LoadTest.Wires;

/// <summary>The same as Channels by default, from a server that writes straight to the sockets.</summary>
internal sealed class DirectWire : ChannelsWire
{
    public override string Role => RoleNames.Direct;

    public override string Title => "Channels, straight to sockets";
}
