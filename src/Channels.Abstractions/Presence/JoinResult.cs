namespace Channels;

/// <summary>How joining or watching the members of an address ended.</summary>
/// <param name="Access">
/// Whether the connection takes part now. <see cref="AccessStatus.LimitReached"/> when too many other members are there, the connection takes part in
/// too many addresses, or what is told of the member is too large.
/// </param>
/// <param name="Snapshot">
/// Who is there; only with <see cref="AccessStatus.Allowed"/>. Every later change is a delivery. A delivery of a change whose version is not
/// greater, from an earlier watching of the same address, means nothing any more.
/// </param>
public readonly record struct JoinResult(AccessStatus Access, PresenceSnapshot? Snapshot = null);
