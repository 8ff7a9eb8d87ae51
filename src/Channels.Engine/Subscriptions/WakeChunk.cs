namespace Channels.Engine;

/// <summary>Some waiting readers that are continued one after the other on the pool: each only starts a write and waits again.</summary>
internal sealed class WakeChunk : IThreadPoolWorkItem
{
    private const int Size = 32;

    private readonly ChannelConnection[] _connections = new ChannelConnection[Size];
    private int _count;

    void IThreadPoolWorkItem.Execute()
    {
        for (var i = 0; i < _count; i++)
        {
            _connections[i].Continue();
        }
    }

    internal struct Builder
    {
        private WakeChunk? _open;

        public void Add(ChannelConnection connection)
        {
            _open ??= new();
            _open._connections[_open._count++] = connection;
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
