namespace Channels;

/// <summary>How much was published, as this node handed it on since its process started. A thread-safe singleton.</summary>
/// <remarks>
/// Acts as the host: whoever lets others use it checks their leave. Transient messages count, and so do those that have expired since. The addresses that
/// were published to last are remembered, 65,536 of each instance at least; one that is forgotten, deleted or cleared starts anew from 0.
/// </remarks>
public interface IChannelStatistics
{
    /// <summary>Counts the messages of an address.</summary>
    /// <param name="address">The address.</param>
    long CountPublished(ChannelAddress address);

    /// <summary>Counts the messages of all addresses of an instance, those of forgotten and deleted ones included.</summary>
    /// <param name="instance">Name of the instance.</param>
    long CountAllPublished(string instance);

    /// <summary>Lists the addresses that were published to.</summary>
    /// <param name="instance">Name of the instance.</param>
    /// <param name="prefix">Only channels whose name starts with this, compared by code unit.</param>
    /// <returns>By channel, then room, compared by code unit.</returns>
    IReadOnlyList<PublishedCount> ListPublished(string instance, string prefix = "");
}
