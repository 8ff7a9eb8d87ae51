namespace Channels;

/// <summary>One address of a poll over several.</summary>
/// <param name="Address">What to read.</param>
/// <param name="From">Where to start.</param>
public readonly record struct PollTarget(ChannelAddress Address, SubscribeFrom From);
