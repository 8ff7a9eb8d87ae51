namespace Channels;

/// <summary>Stored descriptors. Where the messages are in the same database, deletion removes both in one transaction.</summary>
/// <remarks>All members may be called concurrently. Versions and sequences are given by the store and never given twice.</remarks>
public interface IChannelStore
{
    /// <summary>Reads a descriptor.</summary>
    /// <param name="instance">Tenant.</param>
    /// <param name="name">Name of the channel, compared by code unit.</param>
    /// <param name="cancellationToken">Abandons the read.</param>
    ValueTask<ChannelDescriptor?> GetAsync(string instance, string name, CancellationToken cancellationToken);

    /// <summary>Lists descriptors in creation order, or the reverse.</summary>
    /// <param name="instance">Tenant.</param>
    /// <param name="query">Which ones.</param>
    /// <param name="cancellationToken">Abandons the read.</param>
    ValueTask<IReadOnlyList<ChannelDescriptor>> ListAsync(string instance, ChannelListQuery query, CancellationToken cancellationToken);

    /// <summary>Stores a new descriptor.</summary>
    /// <param name="descriptor">Its facts; version and sequence are ignored.</param>
    /// <param name="cancellationToken">Abandons the wait.</param>
    /// <returns>The stored descriptor, or <see langword="null"/> when the name is taken.</returns>
    ValueTask<ChannelDescriptor?> CreateAsync(ChannelDescriptor descriptor, CancellationToken cancellationToken);

    /// <summary>Replaces a descriptor if it still has the version of the new one.</summary>
    /// <param name="descriptor">The new facts, with the version that they were made from.</param>
    /// <param name="cancellationToken">Abandons the wait.</param>
    /// <returns>The stored descriptor with its new version, or <see langword="null"/> when the stored version differs or is gone.</returns>
    ValueTask<ChannelDescriptor?> UpdateAsync(ChannelDescriptor descriptor, CancellationToken cancellationToken);

    /// <summary>
    /// Deletes a descriptor with all messages of the channel and all data objects bound to it, in one transaction where they are in the same
    /// database; positions of what was removed are remembered.
    /// </summary>
    /// <param name="instance">Tenant.</param>
    /// <param name="name">Name of the channel.</param>
    /// <param name="cancellationToken">Abandons the wait.</param>
    /// <returns>Whether it existed.</returns>
    ValueTask<bool> DeleteAsync(string instance, string name, CancellationToken cancellationToken);
}
