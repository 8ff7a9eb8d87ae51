namespace Channels;

/// <summary>A subscription was refused or ended against the subscriber's will.</summary>
/// <param name="status">Why.</param>
/// <param name="address">What was asked for.</param>
public sealed class ChannelAccessException(AccessStatus status, ChannelAddress address)
    : ChannelsException($"Access to '{address}' ended with {status}.")
{
    /// <summary>Why access was refused.</summary>
    public AccessStatus Status { get; } = status;

    /// <summary>What was asked for.</summary>
    public ChannelAddress Address { get; } = address;
}
