namespace Channels;

/// <summary>How many messages were published to an address.</summary>
/// <param name="Address">The address.</param>
/// <param name="Messages">How many; at least 1.</param>
public readonly record struct PublishedCount(ChannelAddress Address, long Messages);
