namespace Channels.Timing;

/// <summary>The deadlines of one duration and tolerance, in the order in which they are due. Not thread-safe.</summary>
/// <param name="key">The duration and the tolerance, in ticks.</param>
internal sealed class DeadlineList((long Duration, long Tolerance) key)
{
    public (long Duration, long Tolerance) Key => key;

    public Deadline? First { get; private set; }

    public Deadline? Last { get; private set; }

    public void Append(Deadline deadline)
    {
        deadline.List = this;
        deadline.PreviousDue = Last;
        if (Last is null)
        {
            First = deadline;
        }
        else
        {
            Last.NextDue = deadline;
        }

        Last = deadline;
    }

    /// <returns>Whether the list is empty now.</returns>
    public bool Remove(Deadline deadline)
    {
        var (previous, next) = (deadline.PreviousDue, deadline.NextDue);
        if (previous is null)
        {
            First = next;
        }
        else
        {
            previous.NextDue = next;
        }

        if (next is null)
        {
            Last = previous;
        }
        else
        {
            next.PreviousDue = previous;
        }

        (deadline.List, deadline.PreviousDue, deadline.NextDue) = (null, null, null);
        return First is null;
    }
}
