namespace Channels.Engine;

/// <summary>What a connection wants to be on an address.</summary>
/// <param name="Caller">Whose permissions count.</param>
/// <param name="Member">Who joins; none to watch only.</param>
/// <param name="MaxMembers">The member is not added where so many others are.</param>
/// <param name="Watches">Whether a joining connection gets changes.</param>
internal readonly record struct JoinRequest(ChannelCaller Caller, PresenceMember? Member, int MaxMembers = int.MaxValue, bool Watches = true);
