namespace Channels.AspNetCore.Connections;

/// <summary>The deadlines of one duration, in the order in which they are due. Not thread-safe.</summary>
/// <param name="ticks">The duration.</param>
internal sealed class DeadlineList(long ticks)
{
    private Deadline? _last;

    public long Ticks => ticks;

    public Deadline? First { get; private set; }

    public void Append(Deadline deadline)
    {
        deadline.List = this;
        deadline.Previous = _last;
        if (_last is null)
        {
            First = deadline;
        }
        else
        {
            _last.Next = deadline;
        }

        _last = deadline;
    }

    /// <returns>Whether the list is empty now.</returns>
    public bool Remove(Deadline deadline)
    {
        var (previous, next) = (deadline.Previous, deadline.Next);
        if (previous is null)
        {
            First = next;
        }
        else
        {
            previous.Next = next;
        }

        if (next is null)
        {
            _last = previous;
        }
        else
        {
            next.Previous = previous;
        }

        deadline.Leave();
        return First is null;
    }
}
