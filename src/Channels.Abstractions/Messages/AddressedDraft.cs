namespace Channels;

/// <summary>A draft and where it goes.</summary>
/// <param name="Address">Where to publish.</param>
/// <param name="Draft">What to publish.</param>
public readonly record struct AddressedDraft(ChannelAddress Address, MessageDraft Draft);
