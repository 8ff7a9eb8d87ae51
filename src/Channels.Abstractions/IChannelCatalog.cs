namespace Channels;

/// <summary>The channels with a stored descriptor; a view of one instance for one caller.</summary>
public interface IChannelCatalog
{
    /// <summary>Finds the descriptor that rules a name, stored or given by a template.</summary>
    /// <param name="name">Name of the channel.</param>
    /// <param name="cancellationToken">Abandons the look-up.</param>
    ValueTask<CatalogResult> GetAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Lists stored channels that the caller may subscribe to.</summary>
    /// <param name="query">Which ones.</param>
    /// <param name="cancellationToken">Abandons the read.</param>
    /// <returns>In creation order, or the reverse where the query says so; empty for a caller who may not list.</returns>
    ValueTask<IReadOnlyList<ChannelDescriptor>> ListAsync(ChannelListQuery query, CancellationToken cancellationToken = default);

    /// <summary>Creates a channel.</summary>
    /// <param name="descriptor">Its facts; instance, timestamps and numbers are set by the engine.</param>
    /// <param name="cancellationToken">Abandons the wait; the channel may still be created.</param>
    ValueTask<CatalogResult> CreateAsync(ChannelDescriptor descriptor, CancellationToken cancellationToken = default);

    /// <summary>Changes a channel. Live subscriptions and polls that the change refuses end before anything published later reaches them.</summary>
    /// <param name="name">Name of the channel.</param>
    /// <param name="change">Makes the new descriptor from the current one; called again when somebody else changed it meanwhile. Name and type cannot change.</param>
    /// <param name="cancellationToken">Abandons the wait; the channel may still be changed.</param>
    ValueTask<CatalogResult> UpdateAsync(string name, Func<ChannelDescriptor, ChannelDescriptor> change, CancellationToken cancellationToken = default);

    /// <summary>Deletes a channel with its messages; polls and subscriptions on it end.</summary>
    /// <param name="name">Name of the channel.</param>
    /// <param name="cancellationToken">Abandons the wait; the channel may still be deleted.</param>
    ValueTask<CatalogStatus> DeleteAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>
    /// Removes the messages of one address, also of a name that only a template gives; polls and subscriptions on it end as if its channel was deleted.
    /// What rules the name stays. For the host, administrators who may write, and API keys that ignore permissions.
    /// </summary>
    /// <param name="address">The address, in the instance of this view.</param>
    /// <param name="cancellationToken">Abandons the wait; the messages may still be removed.</param>
    /// <returns><see cref="CatalogStatus.NotFound"/> when there was neither a message nor anybody to read one.</returns>
    ValueTask<CatalogStatus> ClearAsync(ChannelAddress address, CancellationToken cancellationToken = default);
}
