namespace Channels;

/// <summary>An address on which somebody is.</summary>
/// <param name="Address">The address.</param>
/// <param name="Subscriptions">Connections that receive its messages, and polls that wait for one; of this node.</param>
/// <param name="Members">Members that are present.</param>
public sealed record AddressOccupancy(ChannelAddress Address, int Subscriptions, int Members);
