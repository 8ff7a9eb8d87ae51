namespace Channels;

/// <summary>That a node has, or no longer has, connections of a member on an address.</summary>
/// <param name="Sequence">Place among all changes of the instance, ascending; an entry that changes again moves to the end.</param>
/// <param name="Node">Id of the node.</param>
/// <param name="Address">The address.</param>
/// <param name="Member">The member.</param>
/// <param name="IsPresent">Whether it is there.</param>
public sealed record PresenceEntry(long Sequence, string Node, ChannelAddress Address, PresenceMember Member, bool IsPresent);
