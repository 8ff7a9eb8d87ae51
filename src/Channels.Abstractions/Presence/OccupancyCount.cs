namespace Channels;

/// <summary>How many are on an address.</summary>
/// <param name="Access">Whether the caller may know.</param>
/// <param name="Subscriptions">Connections that receive its messages, and polls that wait for one; of this node.</param>
/// <param name="Members">Members that are present.</param>
public readonly record struct OccupancyCount(AccessStatus Access, int Subscriptions = 0, int Members = 0);
