namespace Channels.Engine;

/// <summary>What was decided about an operation on an address, and what the channel is.</summary>
/// <param name="Status">Whether it is allowed.</param>
/// <param name="Address">The address as the engine keeps it: without a room where the channel has none.</param>
/// <param name="Channel">What rules the name; <see langword="null"/> when nothing does.</param>
/// <param name="Version">State of the catalogue that the decision was made by.</param>
internal readonly record struct AccessDecision(
    AccessStatus Status, ChannelAddress Address = default, ResolvedChannel? Channel = null, long Version = 0);
