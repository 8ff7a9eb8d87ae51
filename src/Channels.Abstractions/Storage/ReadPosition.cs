namespace Channels;

/// <summary>An address and how far it has been read.</summary>
/// <param name="Address">The address, with its room if it has one.</param>
/// <param name="After">Only messages with a greater id.</param>
public readonly record struct ReadPosition(ChannelAddress Address, MessageCursor After);
