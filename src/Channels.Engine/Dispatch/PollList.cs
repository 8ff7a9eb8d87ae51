namespace Channels.Engine;

/// <summary>The polls that wait on one address; guarded by its feed, until the feed hands it over for waking.</summary>
internal sealed class PollList
{
    private PollWaiter? _first;
    private PollWaiter? _last;

    public int Count { get; private set; }

    public void Add(PollWaiter waiter)
    {
        waiter.List = this;
        waiter.PreviousPoll = _last;
        waiter.NextPoll = null;
        if (_last is null)
        {
            _first = waiter;
        }
        else
        {
            _last.NextPoll = waiter;
        }

        _last = waiter;
        Count++;
    }

    public void Remove(PollWaiter waiter)
    {
        if (waiter.PreviousPoll is null)
        {
            _first = waiter.NextPoll;
        }
        else
        {
            waiter.PreviousPoll.NextPoll = waiter.NextPoll;
        }

        if (waiter.NextPoll is null)
        {
            _last = waiter.PreviousPoll;
        }
        else
        {
            waiter.NextPoll.PreviousPoll = waiter.PreviousPoll;
        }

        waiter.List = null;
        waiter.PreviousPoll = null;
        waiter.NextPoll = null;
        Count--;
    }

    public PollWaiter[] ToArray()
    {
        var all = new PollWaiter[Count];
        var i = 0;
        for (var waiter = _first; waiter is not null; waiter = waiter.NextPoll)
        {
            all[i++] = waiter;
        }

        return all;
    }

    /// <summary>Completes in chunks on the pool every poll whose message has come, and parks the others again.</summary>
    /// <remarks>Nobody else finds the polls meanwhile: a change of the channel shows in their authorization.</remarks>
    public void Wake(DateTimeOffset now)
    {
        var chunk = new PollChunk.Builder();
        PollResult? shared = null;
        for (var waiter = _first; waiter is not null;)
        {
            var next = waiter.NextPoll;
            if (waiter.TryFind(now, out var message) && waiter.IsAuthorized)
            {
                if (shared?.Message != message)
                {
                    shared = new(PollOutcome.Message, message);
                }

                chunk.Add(waiter, shared!);
            }
            else
            {
                waiter.ParkAgain();
            }

            waiter = next;
        }

        chunk.Flush();
    }
}
