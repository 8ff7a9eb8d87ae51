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

    /// <summary>Name of the wire protocol.</summary>
    string Protocol { get; }

    /// <summary>Who the client is.</summary>
    ChannelCaller Caller { get; }

    /// <summary>Why the connection ended; <see cref="ConnectionEnd.None"/> while it is open.</summary>
    ConnectionEnd End { get; }

    /// <summary>
    /// Tells what a front end holds for the client beside what the client has not read yet, for <see cref="ConnectionInfo.Queue"/>;
    /// <see langword="null"/> when it holds nothing. Called at any moment on any thread; must be short.
    /// </summary>
    Func<ConnectionQueue>? Held { get; set; }

    /// <summary>Cancelled when the connection ended, so that a pending write can be abandoned.</summary>
    CancellationToken Ended { get; }

    /// <summary>
    /// Says who the client is, where that is known only after the connection was opened. What it is subscribed to stays; what it does from now on,
    /// whose connection the registry takes it for, and what a revoke ends follow the new caller.
    /// </summary>
    /// <param name="caller">Who the client is.</param>
    void Identify(ChannelCaller caller);

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

    /// <summary>
    /// Makes the connection one of a member's; the first connection of a member adds it. Every later change of other members is a delivery in its
    /// place between two messages, if the connection watches. Joining an address as another member leaves the one before.
    /// </summary>
    /// <remarks>
    /// Needs no subscription, and <see cref="Unsubscribe"/> does not leave. Decided like a subscription, by <see cref="ChannelOperations.Presence"/>;
    /// ends silently with the leave to be there, where a subscription is told.
    /// </remarks>
    /// <param name="address">Where to be present.</param>
    /// <param name="member">Who the client is there. What is told of a member is what its first connection said.</param>
    /// <param name="options">How it joins; <see langword="null"/> as the connection's caller, watching.</param>
    /// <param name="cancellationToken">Abandons the wait.</param>
    /// <returns>The members, this one among them; its own joining is not delivered to this connection.</returns>
    /// <exception cref="ArgumentException">The member's id is not valid, or its info is not one JSON value.</exception>
    ValueTask<JoinResult> JoinAsync(
        ChannelAddress address,
        PresenceMember member,
        JoinOptions? options = null,
        CancellationToken cancellationToken = default);

    /// <summary>Takes the connection away from its member; the last connection removes the member. Ends the watching that came with joining.</summary>
    /// <param name="address">Where it was present.</param>
    /// <param name="grace">How long the member stays for a connection that may come back, which then nobody notices; nothing removes it at once.</param>
    /// <returns>Whether it was present.</returns>
    bool Leave(ChannelAddress address, TimeSpan grace = default);

    /// <summary>Delivers changes among the members of an address without being one.</summary>
    /// <param name="address">What to watch; <see cref="ChannelOperations.Presence"/> decides.</param>
    /// <param name="caller">Who watches; <see langword="null"/> for the connection's own caller.</param>
    /// <param name="cancellationToken">Abandons the wait.</param>
    /// <returns>The members; every later change is a delivery.</returns>
    ValueTask<JoinResult> WatchMembersAsync(ChannelAddress address, ChannelCaller? caller = null, CancellationToken cancellationToken = default);

    /// <summary>Ends <see cref="WatchMembersAsync"/>.</summary>
    /// <param name="address">What was watched.</param>
    /// <returns>Whether it was watched.</returns>
    bool UnwatchMembers(ChannelAddress address);

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
