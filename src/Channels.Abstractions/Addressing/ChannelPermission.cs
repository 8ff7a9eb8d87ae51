namespace Channels;

/// <summary>What users may do on a channel; each value contains the ones before it.</summary>
public enum ChannelPermission
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Subscribe, poll and read history.</summary>
    Subscribe,

    /// <summary>Also publish data objects bound to the channel, and messages where <see cref="ChannelDescriptor.ClientsMayPublish"/> says so.</summary>
    Publish,
}
