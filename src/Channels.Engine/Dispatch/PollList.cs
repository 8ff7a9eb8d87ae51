namespace Channels.Engine;

/// <summary>The polls that wait on one address, guarded by its feed. Those that have ended stay until room is needed.</summary>
internal struct PollList
{
    private const int FirstSize = 4;

    private PollTicket[]? _tickets;
    private int _count;

    // How many had ended, engine-wide, when this list was last looked through.
    private long _endedBefore;

    public readonly bool IsEmpty => _count == 0;

    public readonly ReadOnlySpan<PollTicket> Tickets => _tickets.AsSpan(0, _count);

    public void Add(PollTicket ticket)
    {
        if (_tickets is null)
        {
            _tickets = new PollTicket[FirstSize];
        }
        else if (_count == _tickets.Length)
        {
            Compact();
            if (_count > _tickets.Length / 2)
            {
                Array.Resize(ref _tickets, _tickets.Length * 2);
            }
        }

        _tickets[_count++] = ticket;
    }

    /// <summary>Whether so many polls wait already.</summary>
    /// <param name="limit">How many may.</param>
    /// <param name="ended">How many polls have ended so far, engine-wide.</param>
    public bool IsFull(int limit, long ended)
    {
        if (_count < limit)
        {
            return false;
        }

        // Looking through costs as much as there are; that must not be repeated for each poll that is refused.
        if (ended - _endedBefore > _count / 8)
        {
            _endedBefore = ended;
            Compact();
        }

        return _count >= limit;
    }

    /// <summary>Throws away what has ended.</summary>
    /// <returns>Whether that emptied the list.</returns>
    public bool Compact()
    {
        var before = _count;
        _count = 0;
        for (var i = 0; i < before; i++)
        {
            if (_tickets![i] is { Waiter: not null } ticket)
            {
                _tickets[_count++] = ticket;
            }
        }

        _tickets.AsSpan(_count, before - _count).Clear();
        return before > 0 && _count == 0;
    }

    /// <summary>Takes all of them out.</summary>
    public PollList Take()
    {
        var taken = this;
        _tickets = null;
        _count = 0;
        return taken;
    }

    /// <summary>Completes in chunks on the pool every poll whose message has come, and parks the others again.</summary>
    /// <param name="feed">The address, from whose list these were taken.</param>
    /// <param name="from">The node before the first that they have not seen.</param>
    /// <param name="now">What has expired by now is not delivered.</param>
    /// <remarks>Nobody else finds the polls here meanwhile: a change of the channel shows in their authorization.</remarks>
    public readonly void Wake(AddressFeed feed, TailNode from, DateTimeOffset now)
    {
        var chunk = new PollChunk.Builder();
        PollResult? shared = null;
        foreach (var ticket in Tickets)
        {
            if (ticket.Waiter is not { } waiter)
            {
                continue;
            }

            if (waiter is { IsAuthorized: true, IsLooking: false } && waiter.TryFind(now, feed, from, out var message) && message is not null)
            {
                if (shared?.Message != message)
                {
                    shared = new(PollOutcome.Message, message);
                }

                chunk.Add(waiter, shared!);
            }
            else
            {
                waiter.ParkAgain(feed);
            }
        }

        chunk.Flush();
    }
}
