namespace Channels.Engine;

/// <summary>Some waiting readers that are continued one after the other on the pool: each only starts a write and waits again.</summary>
internal sealed class WakeChunk : IThreadPoolWorkItem
{
    private const int Size = 32;

    private readonly ChannelConnection[] _connections = new ChannelConnection[Size];
    private int _count;

    void IThreadPoolWorkItem.Execute() => Continue();

    private void Continue()
    {
        for (var i = 0; i < _count; i++)
        {
            _connections[i].Continue();
        }
    }

    /// <summary>Gathers readers; full chunks go to the pool, and the rest is continued by the thread that gathered it.</summary>
    internal struct Builder
    {
        private ChannelConnection? _first;
        private WakeChunk? _open;

        public void Add(ChannelConnection connection)
        {
            if (_first is null)
            {
                _first = connection;
                return;
            }

            _open ??= new();
            _open._connections[_open._count++] = connection;
            if (_open._count == Size)
            {
                ThreadPool.UnsafeQueueUserWorkItem(_open, preferLocal: false);
                _open = null;
            }
        }

        /// <summary>Continues who is left; called on the pool.</summary>
        public void ContinueRest()
        {
            _first?.Continue();
            _open?.Continue();
            this = default;
        }
    }
}
