namespace Channels;

/// <summary>Leave that the application gave a caller for exactly one address, above permissions and rules.</summary>
/// <param name="Address">What it is for. Without a room it counts for the channel itself only.</param>
/// <param name="Operations">What it allows. Publishing still needs <see cref="ChannelDescriptor.ClientsMayPublish"/>.</param>
public sealed record ChannelGrant(ChannelAddress Address, ChannelOperations Operations);
