namespace Channels.Engine;

/// <summary>
/// Chains of readers that were woken and are to be continued, in turn. No more of them than there are cores stand in the pool's queue, and the
/// next one goes to its end: a fan-out to thousands does not keep requests waiting, and what is published meanwhile goes out with it. A
/// chain that is held up holds up no other.
/// </summary>
internal sealed class WakeQueue : IThreadPoolWorkItem
{
    private readonly Lock _gate = new();
    private readonly Queue<ChannelConnection> _chains = new();

    // How many chains the pool will ask for; never more than there are.
    private int _announced;

    /// <summary>Has a chain continued.</summary>
    /// <param name="first">Its first link.</param>
    public void Add(ChannelConnection first)
    {
        lock (_gate)
        {
            _chains.Enqueue(first);
            if (_announced == Environment.ProcessorCount)
            {
                return;
            }

            _announced++;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute()
    {
        ChannelConnection first;
        bool announcesNext;
        lock (_gate)
        {
            first = _chains.Dequeue();
            announcesNext = _chains.Count >= _announced;
            _announced -= announcesNext ? 0 : 1;
        }

        if (announcesNext)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }

        first.ContinueChain();
    }
}
