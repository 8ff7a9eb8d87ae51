namespace Channels;

/// <summary>Ordered log of every address of every instance. Knows nothing of permissions, subscribers or sockets.</summary>
/// <remarks>
/// All members may be called concurrently, except that one engine appends to an instance one batch at a time. Times are read from
/// the injected <see cref="TimeProvider"/>. A message whose expiry has come is invisible to every read, whenever it is removed.
/// Failures are <see cref="ChannelStoreException"/>s with the cause as inner exception.
/// </remarks>
public interface IMessageStore
{
    /// <summary>Appends a batch in one transaction and gives each stored entry its id and time.</summary>
    /// <remarks>
    /// Ids of an instance strictly increase over everything the instance ever gave out, also over restarts, removal and lost files.
    /// Times never fall along ids. Entries are independent: a duplicate, conflict or stale entry leaves its neighbours alone.
    /// A transient entry gets an id and nothing else is kept of it. An entry with a <see cref="AppendEntry.Change"/> changes its object and stores its
    /// notification, or does neither; it sees what entries before it did. After the append an address holds at most
    /// <see cref="AppendEntry.KeepCount"/> messages of those stored; older ones are removed in the same transaction.
    /// </remarks>
    /// <param name="instance">Whose sequence continues.</param>
    /// <param name="batch">At least one entry, in the order that the ids will have; valid only until the call completes.</param>
    /// <param name="cancellationToken">Abandons the wait; a batch that reached the store may still commit.</param>
    /// <exception cref="ChannelStoreException">The commit failed; whether the batch is stored is unknown until the head is read.</exception>
    ValueTask<AppendResult> AppendAsync(string instance, IReadOnlyList<AppendEntry> batch, CancellationToken cancellationToken);

    /// <summary>Reads what follows given positions of one or more addresses of an instance, merged by ascending id.</summary>
    /// <param name="instance">Whose messages.</param>
    /// <param name="positions">At least one address, each with its own start.</param>
    /// <param name="limit">How many messages at most, at least 1.</param>
    /// <param name="cancellationToken">Abandons the read.</param>
    ValueTask<MessageSlice> ReadAfterAsync(string instance, IReadOnlyList<ReadPosition> positions, int limit, CancellationToken cancellationToken);

    /// <summary>Reads what follows a position over all addresses of an instance, by ascending id.</summary>
    /// <param name="instance">Whose messages.</param>
    /// <param name="after">The position.</param>
    /// <param name="limit">How many messages at most, at least 1.</param>
    /// <param name="cancellationToken">Abandons the read.</param>
    ValueTask<MessageSlice> ReadInstanceAfterAsync(string instance, MessageCursor after, int limit, CancellationToken cancellationToken);

    /// <summary>Reads a page of one address, or of a channel over all its rooms.</summary>
    /// <param name="query">Which page.</param>
    /// <param name="cancellationToken">Abandons the read.</param>
    /// <returns>In the order that the query asks for.</returns>
    ValueTask<IReadOnlyList<ChannelMessage>> ReadPageAsync(PageQuery query, CancellationToken cancellationToken);

    /// <summary>Finds the last id that was given at or before an instant.</summary>
    /// <param name="instance">Whose sequence.</param>
    /// <param name="time">The instant.</param>
    /// <param name="cancellationToken">Abandons the read.</param>
    /// <returns>
    /// A position such that every visible message after it was created later than the instant, and every visible one up to it was not.
    /// </returns>
    ValueTask<MessageCursor> FindAsync(string instance, DateTimeOffset time, CancellationToken cancellationToken);

    /// <summary>Removes what has expired, and what idempotency no longer needs. Positions of what was removed are remembered for each address.</summary>
    /// <param name="limit">How many messages at most, so that appends are not held up; at least 1.</param>
    /// <param name="cancellationToken">Abandons the wait.</param>
    /// <returns>How many messages were removed; fewer than <paramref name="limit"/> when nothing is left to remove.</returns>
    ValueTask<int> RemoveExpiredAsync(int limit, CancellationToken cancellationToken);

    /// <summary>Removes every message of one address, in one transaction; up to where is remembered, and so are idempotency keys.</summary>
    /// <param name="address">The address.</param>
    /// <param name="cancellationToken">Abandons the wait; the messages may still be removed.</param>
    /// <returns>How many messages were removed.</returns>
    ValueTask<int> RemoveAsync(ChannelAddress address, CancellationToken cancellationToken);

    /// <summary>Reads where an instance's sequence stands, opening the store when that has not happened yet.</summary>
    /// <param name="instance">Whose sequence.</param>
    /// <param name="cancellationToken">Abandons the read.</param>
    ValueTask<StoreHead> GetHeadAsync(string instance, CancellationToken cancellationToken);
}
