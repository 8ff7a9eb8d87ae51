namespace Channels;

/// <summary>A message was not published, or whether it was is unknown.</summary>
/// <param name="status">Why.</param>
/// <param name="address">Where it was to go.</param>
/// <param name="innerException">The store's failure, if there was one.</param>
public sealed class ChannelPublishException(PublishStatus status, ChannelAddress address, Exception? innerException = null)
    : ChannelsException($"Publishing to '{address}' ended with {status}.", innerException)
{
    /// <summary>Why the message was not published.</summary>
    public PublishStatus Status { get; } = status;

    /// <summary>Where it was to go.</summary>
    public ChannelAddress Address { get; } = address;
}
