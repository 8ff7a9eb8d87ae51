namespace Channels.Engine;

/// <summary>Connections in the order in which they were opened, linked through themselves: adding and removing cost the same however many there are.</summary>
/// <param name="link">Which of a connection's links is used.</param>
internal sealed class ConnectionChain(int link)
{
    private ChannelConnection? _last;

    public ChannelConnection? First { get; private set; }

    public int Count { get; private set; }

    public ChannelConnection? After(ChannelConnection connection) => connection.Links[link].Next;

    public void Add(ChannelConnection connection)
    {
        connection.Links[link] = new(_last, null);
        if (_last is null)
        {
            First = connection;
        }
        else
        {
            _last.Links[link].Next = connection;
        }

        _last = connection;
        Count++;
    }

    public void Remove(ChannelConnection connection)
    {
        var (previous, next) = connection.Links[link];
        if (previous is null)
        {
            First = next;
        }
        else
        {
            previous.Links[link].Next = next;
        }

        if (next is null)
        {
            _last = previous;
        }
        else
        {
            next.Links[link].Previous = previous;
        }

        Count--;
    }
}
