namespace Channels;

/// <summary>Tells the application what happens in the engine of this node. A thread-safe singleton.</summary>
public interface IChannelEvents
{
    /// <summary>
    /// Calls a handler for each event, one at a time, in the order in which they happened on an address. Publishing and serving never wait for it: a
    /// handler that falls behind by more than <c>ChannelsOptions.EventQueueLength</c> misses events, and what it throws is logged; both are counted.
    /// </summary>
    /// <param name="kinds">What to tell.</param>
    /// <param name="handler">Is told. Its token is cancelled when it shall end.</param>
    /// <returns>Ends it when disposed, and waits for a call that is under way; the handler itself must not wait for that.</returns>
    IAsyncDisposable Subscribe(ChannelEventKinds kinds, Func<ChannelEvent, CancellationToken, ValueTask> handler);

    /// <summary>Tells handlers what only a front end knows, such as <see cref="ChannelEventKinds.CacheMiss"/>.</summary>
    /// <param name="occurred">What happened.</param>
    void Report(ChannelEvent occurred);
}
