namespace Channels.Engine;

/// <summary>
/// Chains of readers that were woken and are to be continued, in turn. No more workers than there are cores do so, and after each chain a
/// worker goes to the end of the pool's queue: a fan-out to thousands does not keep requests waiting, and what is published meanwhile goes out
/// with it.
/// </summary>
internal sealed class WakeQueue : IThreadPoolWorkItem
{
    private readonly Lock _gate = new();
    private readonly Queue<ChannelConnection> _chains = new();
    private int _workers;

    /// <summary>Has a chain continued.</summary>
    /// <param name="first">Its first link.</param>
    public void Add(ChannelConnection first)
    {
        lock (_gate)
        {
            _chains.Enqueue(first);
            if (_workers == Environment.ProcessorCount)
            {
                return;
            }

            _workers++;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute()
    {
        ChannelConnection first;
        lock (_gate)
        {
            if (!_chains.TryDequeue(out first!))
            {
                _workers--;
                return;
            }
        }

        first.ContinueChain();
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }
}
