namespace Channels.Engine;

/// <summary>
/// Gathers waiting readers that are continued one after the other: each only starts a write and waits again. Full chains are queued, and
/// the rest is continued by the thread that gathered it. The readers are links themselves, so that nothing is allocated.
/// </summary>
/// <param name="queue">Takes full chains.</param>
internal struct WakeChain(WakeQueue queue)
{
    private const int Size = 32;

    private ChannelConnection? _first;
    private ChannelConnection? _last;
    private int _count;

    public void Add(ChannelConnection connection)
    {
        if (_count == Size)
        {
            queue.Add(_first!);
            this = new(queue);
        }

        if (_last is null)
        {
            _first = connection;
        }
        else
        {
            _last.NextWoken = connection;
        }

        _last = connection;
        _count++;
    }

    /// <summary>Continues who is left; called on the pool.</summary>
    public void ContinueRest()
    {
        var first = _first;
        this = new(queue);
        first?.ContinueChain();
    }
}
