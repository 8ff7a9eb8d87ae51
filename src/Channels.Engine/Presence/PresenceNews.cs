namespace Channels.Engine;

/// <summary>A change on this node that the others shall know.</summary>
/// <param name="Address">The address.</param>
/// <param name="Member">The member.</param>
/// <param name="IsPresent">Whether this node has connections of it.</param>
internal readonly record struct PresenceNews(ChannelAddress Address, PresenceMember Member, bool IsPresent);
