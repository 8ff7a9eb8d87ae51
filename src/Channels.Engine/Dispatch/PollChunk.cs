namespace Channels.Engine;

/// <summary>Some polls that are completed one after the other on the pool, so that what the host does then never runs on a waking thread.</summary>
internal sealed class PollChunk : IThreadPoolWorkItem
{
    private const int Size = 64;

    private readonly (PollWaiter Waiter, PollResult Result)[] _polls = new (PollWaiter, PollResult)[Size];
    private int _count;

    void IThreadPoolWorkItem.Execute()
    {
        for (var i = 0; i < _count; i++)
        {
            _polls[i].Waiter.TryComplete(_polls[i].Result);
        }
    }

    public static void Complete(IEnumerable<(PollWaiter Waiter, PollResult Result)> polls)
    {
        var builder = new Builder();
        foreach (var (waiter, result) in polls)
        {
            builder.Add(waiter, result);
        }

        builder.Flush();
    }

    internal struct Builder
    {
        private PollChunk? _open;

        public void Add(PollWaiter waiter, PollResult result)
        {
            _open ??= new();
            _open._polls[_open._count++] = (waiter, result);
            if (_open._count == Size)
            {
                Flush();
            }
        }

        public void Flush()
        {
            if (_open is { } full)
            {
                _open = null;
                ThreadPool.UnsafeQueueUserWorkItem(full, preferLocal: false);
            }
        }
    }
}
