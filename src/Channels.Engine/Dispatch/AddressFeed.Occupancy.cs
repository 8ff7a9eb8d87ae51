namespace Channels.Engine;

/// <summary>Who is on the address.</summary>
internal sealed partial class AddressFeed
{
    private bool _hasMembers;
    private bool _isOccupied;

    /// <summary>Who is present; none as long as nobody was. Guarded by the dispatcher's lock.</summary>
    public AddressPresence? Presence { get; set; }

    /// <summary>How many connections read it and polls wait for it.</summary>
    public int CountReaders()
    {
        lock (_gate)
        {
            _polls.Compact();
            return _readers.Count + _polls.Tickets.Length;
        }
    }

    /// <summary>Whether somebody reads it or is just being woken.</summary>
    public bool IsAwaited
    {
        get
        {
            lock (_gate)
            {
                return _readers.Count > 0 || !_polls.IsEmpty || _waking > 0;
            }
        }
    }

    /// <summary>Takes note that the first member came or the last one left.</summary>
    public void MembersChanged(bool arePresent)
    {
        lock (_gate)
        {
            _hasMembers = arePresent;
            TellOccupancy_NeedsLock();
        }
    }

    /// <summary>Counts its idle time anew.</summary>
    public void Used()
    {
        lock (_gate)
        {
            _idleSince = _context.Time.GetTimestamp();
        }
    }

    private void ReadersChanged_NeedsLock()
    {
        Tell_NeedsLock(ChannelEventKinds.SubscriptionsChanged);
        TellOccupancy_NeedsLock();
    }

    /// <summary>Tells when the address becomes occupied or vacated; under the lock, so that these take turns.</summary>
    private void TellOccupancy_NeedsLock()
    {
        var isOccupied = _hasMembers || _readers.Count > 0;
        if (isOccupied == _isOccupied)
        {
            return;
        }

        _isOccupied = isOccupied;
        Tell_NeedsLock(isOccupied ? ChannelEventKinds.Occupied : ChannelEventKinds.Vacated);
    }

    private void Tell_NeedsLock(ChannelEventKinds kind)
    {
        if (_context.Events.Wants(kind))
        {
            _context.Events.Report(_context.Events.Now(kind, Address));
        }
    }
}
