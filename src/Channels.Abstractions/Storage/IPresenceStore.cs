namespace Channels;

/// <summary>
/// Who is present on which node, for nodes that share a store. A node holds its members by a lease: when it does not renew in time, they are absent from
/// that moment on, without anybody asking for it.
/// </summary>
/// <remarks>
/// All members may be called concurrently and are idempotent. The time is the store's own, the same for all nodes. Failures are
/// <see cref="ChannelStoreException"/>s.
/// </remarks>
public interface IPresenceStore
{
    /// <summary>Begins or renews the lease of a node.</summary>
    /// <param name="node">Id of the node, unique for each start of a process.</param>
    /// <param name="lease">How long its members are there without another renewal.</param>
    /// <param name="cancellationToken">Abandons the wait.</param>
    /// <returns>Whether there was a lease; without one the node has no members in the store and adds them again.</returns>
    ValueTask<bool> RenewAsync(string node, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>Takes note that a node has connections of a member; nothing happens to a node without a lease.</summary>
    /// <param name="node">Id of the node.</param>
    /// <param name="address">The address.</param>
    /// <param name="member">The member.</param>
    /// <param name="cancellationToken">Abandons the wait.</param>
    ValueTask AddAsync(string node, ChannelAddress address, PresenceMember member, CancellationToken cancellationToken);

    /// <summary>Takes note that a node has no connection of a member any more.</summary>
    /// <param name="node">Id of the node.</param>
    /// <param name="address">The address.</param>
    /// <param name="memberId">Id of the member.</param>
    /// <param name="cancellationToken">Abandons the wait.</param>
    ValueTask RemoveAsync(string node, ChannelAddress address, string memberId, CancellationToken cancellationToken);

    /// <summary>Ends the lease of a node, with all its members.</summary>
    /// <param name="node">Id of the node.</param>
    /// <param name="cancellationToken">Abandons the wait.</param>
    ValueTask EndAsync(string node, CancellationToken cancellationToken);

    /// <summary>Reads what changed. From 0 on, reading to the end gives everybody who is there.</summary>
    /// <param name="instance">Tenant.</param>
    /// <param name="after">Only entries with a greater sequence.</param>
    /// <param name="limit">How many at most, at least 1.</param>
    /// <param name="cancellationToken">Abandons the read.</param>
    ValueTask<PresenceSlice> ReadAfterAsync(string instance, long after, int limit, CancellationToken cancellationToken);
}
