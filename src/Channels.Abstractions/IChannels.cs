namespace Channels;

/// <summary>Publishes to channels and reads from them. A thread-safe singleton; injected, it acts as the host itself.</summary>
public interface IChannels
{
    /// <summary>The channels that exist, as far as the caller may see them.</summary>
    IChannelCatalog Catalog { get; }

    /// <summary>Who is where, as far as the caller may see it.</summary>
    IChannelPresence Presence { get; }

    /// <summary>Stored objects whose changes are published, as far as the caller may see them.</summary>
    IDataObjects Objects { get; }

    /// <summary>Makes a cheap view that acts for somebody, permission-checked from there on.</summary>
    /// <param name="caller">Who acts.</param>
    IChannels As(ChannelCaller caller);

    /// <summary>Makes a cheap view in which an address of the default instance means another instance.</summary>
    /// <param name="instance">Name of the instance, 1–64 characters.</param>
    IChannels In(string instance);

    /// <summary>Publishes a message and returns when it is stored with the store's configured durability.</summary>
    /// <param name="address">Where to publish.</param>
    /// <param name="draft">What to publish.</param>
    /// <param name="cancellationToken">Abandons the wait; the message may still be published.</param>
    /// <returns>The message with its id.</returns>
    /// <exception cref="ChannelPublishException">The message was not published, or whether it was is unknown.</exception>
    ValueTask<ChannelMessage> PublishAsync(ChannelAddress address, MessageDraft draft, CancellationToken cancellationToken = default);

    /// <summary>Publishes a message and tells how that ended; does not throw for expected outcomes.</summary>
    /// <param name="address">Where to publish.</param>
    /// <param name="draft">What to publish.</param>
    /// <param name="cancellationToken">Abandons the wait; the message may still be published.</param>
    ValueTask<PublishResult> TryPublishAsync(ChannelAddress address, MessageDraft draft, CancellationToken cancellationToken = default);

    /// <summary>Publishes several messages of one instance in one transaction: when one is refused, none is published.</summary>
    /// <param name="drafts">In the order that their ids will have.</param>
    /// <param name="cancellationToken">Abandons the wait; the messages may still be published.</param>
    /// <returns>A result for each draft, in the same order.</returns>
    /// <exception cref="ArgumentException">The drafts belong to more than one instance.</exception>
    ValueTask<IReadOnlyList<PublishResult>> TryPublishManyAsync(IReadOnlyList<AddressedDraft> drafts, CancellationToken cancellationToken = default);

    /// <summary>Returns the first message after a position, or waits for one.</summary>
    /// <param name="address">What to read.</param>
    /// <param name="after">Last position seen; <see langword="null"/> for only what is published from now on.</param>
    /// <param name="window">How long to wait at most; <see langword="null"/> for the configured window.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    ValueTask<PollResult> PollAsync(ChannelAddress address, MessageCursor? after = null, TimeSpan? window = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Returns all messages after positions in several addresses, merged, or waits for the first one. Addresses that the caller may not read
    /// are left out; when none is left the poll is refused.
    /// </summary>
    /// <param name="targets">At least one, of one instance, each address once.</param>
    /// <param name="options">How long to wait and how much to answer; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ArgumentException">There is no address, or they belong to several instances.</exception>
    /// <exception cref="ChannelStoreException">The store could not be read.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    ValueTask<PollBatch> PollManyAsync(IReadOnlyList<PollTarget> targets, PollManyOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Reads messages in order, first stored ones and then live ones, at the consumer's own speed. Ends normally when the host shuts down.</summary>
    /// <param name="address">What to read.</param>
    /// <param name="from">Where to start.</param>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    /// <exception cref="ChannelAccessException">The caller may not read, or may no longer, or the channel was deleted.</exception>
    /// <exception cref="ChannelGapException">Messages were removed before they were read, unless <paramref name="from"/> says to go on.</exception>
    IAsyncEnumerable<ChannelMessage> SubscribeAsync(ChannelAddress address, SubscribeFrom from = default, CancellationToken cancellationToken = default);

    /// <summary>Reads a page of stored messages.</summary>
    /// <param name="address">What to read.</param>
    /// <param name="query">Which messages; <see langword="null"/> for the newest 100, newest first.</param>
    /// <param name="cancellationToken">Abandons the read.</param>
    /// <exception cref="ChannelStoreException">The store could not be read.</exception>
    ValueTask<HistoryPage> ReadHistoryAsync(ChannelAddress address, HistoryQuery? query = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Decides whether permissions, grants and rules let the caller do something on an address, without doing it. Publishing may still be refused
    /// by what the channel says for everybody, <see cref="ChannelDescriptor.ClientsMayPublish"/>.
    /// </summary>
    /// <param name="address">The address.</param>
    /// <param name="operation">Exactly one operation.</param>
    /// <param name="cancellationToken">Abandons the decision.</param>
    ValueTask<AccessStatus> CheckAccessAsync(ChannelAddress address, ChannelOperations operation, CancellationToken cancellationToken = default);
}
