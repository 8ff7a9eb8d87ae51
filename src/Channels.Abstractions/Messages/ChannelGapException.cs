namespace Channels;

/// <summary>Messages between the requested position and the oldest one still there were removed before they were read.</summary>
/// <param name="requested">Position that can no longer be honoured.</param>
/// <param name="oldest">Earliest position that can be continued from without a gap.</param>
public sealed class ChannelGapException(MessageCursor requested, MessageCursor oldest)
    : ChannelsException($"Messages after {requested} are gone; the oldest position still complete is {oldest}.")
{
    /// <summary>Position that can no longer be honoured.</summary>
    public MessageCursor Requested { get; } = requested;

    /// <summary>Earliest position that can be continued from without a gap.</summary>
    public MessageCursor Oldest { get; } = oldest;
}
