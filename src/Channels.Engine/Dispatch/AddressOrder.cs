namespace Channels.Engine;

/// <summary>Orders the addresses of one instance by channel, then room, compared by code unit; without a room comes first.</summary>
internal sealed class AddressOrder : IComparer<ChannelAddress>
{
    public static readonly AddressOrder Instance = new();

    public int Compare(ChannelAddress left, ChannelAddress right) =>
        string.CompareOrdinal(left.Channel, right.Channel) is var channels and not 0 ? channels : string.CompareOrdinal(left.Room, right.Room);
}
