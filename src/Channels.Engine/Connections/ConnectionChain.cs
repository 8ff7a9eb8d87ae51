namespace Channels.Engine;

/// <summary>Connections in the order in which they were opened, linked through themselves: adding and removing cost the same however many there are.</summary>
/// <param name="link">Which of a connection's links is used.</param>
internal sealed class ConnectionChain(int link)
{
    private ChannelConnection? _last;

    public ChannelConnection? First { get; private set; }

    public int Count { get; private set; }

    public ChannelConnection? After(ChannelConnection connection) => connection.Links(link).Next;

    /// <summary>Adds a connection in its place, which is the last one unless it is only now known whose it is.</summary>
    public void Add(ChannelConnection connection)
    {
        var previous = _last;
        while (previous is not null && previous.Number > connection.Number)
        {
            previous = previous.Links(link).Previous;
        }

        var next = previous is null ? First : previous.Links(link).Next;
        connection.Links(link) = new(previous, next);
        if (previous is null)
        {
            First = connection;
        }
        else
        {
            previous.Links(link).Next = connection;
        }

        if (next is null)
        {
            _last = connection;
        }
        else
        {
            next.Links(link).Previous = connection;
        }

        Count++;
    }

    public void Remove(ChannelConnection connection)
    {
        var (previous, next) = connection.Links(link);
        if (previous is null)
        {
            First = next;
        }
        else
        {
            previous.Links(link).Next = next;
        }

        if (next is null)
        {
            _last = previous;
        }
        else
        {
            next.Links(link).Previous = previous;
        }

        Count--;
    }
}
