namespace Channels;

/// <summary>Visible messages after some positions.</summary>
/// <param name="Messages">By ascending id.</param>
/// <param name="Through">Everything up to here that was asked for is in the slice: the last message's id when the limit was reached, else the head.</param>
/// <param name="RemovedThrough">
/// For each position in the same order, the highest id of its address that was removed, has expired or went with a deleted channel of that
/// name; 0 for none. Empty where no addresses were asked for.
/// </param>
public readonly record struct MessageSlice(
    IReadOnlyList<ChannelMessage> Messages,
    MessageCursor Through,
    IReadOnlyList<MessageCursor> RemovedThrough);
