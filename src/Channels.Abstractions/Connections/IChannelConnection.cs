namespace Channels;

/// <summary>
/// One client: its subscriptions, merged into one stream of deliveries whose ids ascend. It holds no queue, only positions in the
/// log, and is therefore never too slow for the publisher; what it may lag is bounded by its options.
/// </summary>
/// <remarks>Subscribing and unsubscribing may run concurrently with reading; reading itself is for one reader at a time.</remarks>
public interface IChannelConnection : IAsyncDisposable
{
    /// <summary>Public id: digits, a dot, digits. Not a secret.</summary>
    string Id { get; }

    /// <summary>Who the client is.</summary>
    ChannelCaller Caller { get; }

    /// <summary>Why the connection ended; <see cref="ConnectionEnd.None"/> while it is open.</summary>
    ConnectionEnd End { get; }

    /// <summary>Cancelled when the connection ended, so that a pending write can be abandoned.</summary>
    CancellationToken Ended { get; }

    /// <summary>Attaches an address. Everything published after the answer, and everything stored after the start, is delivered.</summary>
    /// <param name="address">What to receive.</param>
    /// <param name="from">Where to start.</param>
    /// <param name="cancellationToken">Abandons the wait.</param>
    /// <exception cref="ChannelStoreException">The store could not be read.</exception>
    ValueTask<SubscribeResult> SubscribeAsync(ChannelAddress address, SubscribeFrom from = default, CancellationToken cancellationToken = default);

    /// <summary>
    /// Attaches an address for somebody else than <see cref="Caller"/>: where clients say who they are with each subscription. Permissions are
    /// that caller's; when its credentials are withdrawn, this subscription ends. That its leave expires counts now, not later.
    /// </summary>
    /// <param name="caller">Who subscribes. When the address is attached already, it is this caller's from now on.</param>
    /// <param name="address">What to receive.</param>
    /// <param name="from">Where to start.</param>
    /// <param name="cancellationToken">Abandons the wait.</param>
    /// <exception cref="ChannelStoreException">The store could not be read.</exception>
    ValueTask<SubscribeResult> SubscribeAsync(
        ChannelCaller caller, ChannelAddress address, SubscribeFrom from = default, CancellationToken cancellationToken = default);

    /// <summary>Attaches every address that matches a pattern, from now on. Each is authorized when it first matches; refused ones stay silent.</summary>
    /// <param name="pattern">What to receive.</param>
    /// <param name="instance">Instance whose addresses are meant.</param>
    /// <param name="cancellationToken">Abandons the wait.</param>
    ValueTask<SubscribeResult> SubscribePatternAsync(ChannelPattern pattern, string instance, CancellationToken cancellationToken = default);

    /// <summary>Detaches an address; nothing published after the answer is delivered.</summary>
    /// <param name="address">What was subscribed.</param>
    /// <returns>Whether it was subscribed.</returns>
    bool Unsubscribe(ChannelAddress address);

    /// <summary>Detaches a pattern and every address that only it had attached.</summary>
    /// <param name="pattern">What was subscribed.</param>
    /// <param name="instance">Instance whose addresses were meant.</param>
    /// <returns>Whether it was subscribed.</returns>
    bool UnsubscribePattern(ChannelPattern pattern, string instance);

    /// <summary>Waits until something can be read.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns><see langword="false"/> when the connection ended; see <see cref="End"/>.</returns>
    /// <exception cref="ChannelStoreException">A lagging reader needed the store and it could not be read; waiting again tries again.</exception>
    ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken = default);

    /// <summary>Reads the next delivery without waiting.</summary>
    /// <param name="delivery">The delivery.</param>
    /// <returns>Whether there was one; after <see langword="false"/>, <see cref="WaitToReadAsync"/> tells when to come back.</returns>
    bool TryRead(out Delivery delivery);

    /// <summary>Ends the connection.</summary>
    /// <param name="end">Why.</param>
    void Close(ConnectionEnd end);
}
