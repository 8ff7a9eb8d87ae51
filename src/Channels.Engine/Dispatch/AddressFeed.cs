namespace Channels.Engine;

/// <summary>One active address: its tail in memory, its readers and its waiting polls.</summary>
internal sealed partial class AddressFeed
{
    /// <summary>So many readers are marked while a message is handed on; more would hold up its publisher.</summary>
    private const int FewReaders = 32;

    private readonly EngineContext _context;
    private readonly Lock _gate = new();
    private readonly List<AddressReader> _readers = [];
    private PollList _polls;
    private TailNode? _wakeFrom;
    private int _waking;
    private TailNode _oldest;
    private TailNode _newest;
    private long _floor;
    private long _accessVersion;
    private long _idleSince;
    private long _heldBytes;
    private bool _wasUsed;

    public AddressFeed(EngineContext context, InstanceLog log, ChannelAddress address, long floor)
    {
        _context = context;
        Log = log;
        Address = address;
        _floor = floor;
        _oldest = _newest = new(null, 0, 0);
        _idleSince = context.Time.GetTimestamp();
    }

    public InstanceLog Log { get; }

    public ChannelAddress Address { get; }

    /// <summary>The tail holds every message of the address with a greater id.</summary>
    public long Floor => Volatile.Read(ref _floor);

    /// <summary>State of the catalogue when the channel was changed last: an older decision must be made again.</summary>
    public long AccessVersion
    {
        get => Volatile.Read(ref _accessVersion);
        set => Volatile.Write(ref _accessVersion, value);
    }

    /// <summary>Its neighbour in the order of use; guarded by the budget of all tails, as the next.</summary>
    public AddressFeed? UsedBefore { get; set; }

    /// <summary>Its other neighbour.</summary>
    public AddressFeed? UsedAfter { get; set; }

    /// <summary>The last batch of addresses to wake that it is in; guarded by the dispatcher's lock.</summary>
    public long DueNumber { get; set; }

    /// <summary>Whether it was idle and is no longer the feed of its address; guarded by the dispatcher's lock.</summary>
    public bool IsForgotten { get; private set; }

    /// <summary>The last node; its ordinal and bytes count all that was dispatched.</summary>
    public TailNode Newest => Volatile.Read(ref _newest);

    /// <summary>Called by the dispatcher, in id order.</summary>
    /// <param name="message">The message.</param>
    /// <param name="isMarked">Whether every connection knows that the address has something.</param>
    /// <returns>Whether somebody is there who may wait.</returns>
    public bool Append(ChannelMessage message, out bool isMarked)
    {
        lock (_gate)
        {
            if (message.Id > _floor)
            {
                _wakeFrom ??= _polls.IsEmpty ? null : _newest;
                var node = new TailNode(message, _newest.Ordinal + 1, _newest.Bytes + message.Payload.Length);
                _newest.Next = node;
                Volatile.Write(ref _newest, node);
                Trim_NeedsLock(out var let);
                Hold_NeedsLock(node.HeldBytes - let);
            }

            isMarked = _readers.Count <= FewReaders;
            if (isMarked)
            {
                Mark_NeedsLock();
            }

            return _readers.Count > 0 || !_polls.IsEmpty;
        }
    }

    /// <summary>Finds who has to be woken, and marks it in their connections.</summary>
    public void CollectWaiting(List<AddressReader> readers, List<WokenPolls> polls)
    {
        lock (_gate)
        {
            if (_wakeFrom is { } from)
            {
                _wakeFrom = null;
                polls.Add(new(this, _polls.Take(), from));
                _waking++;
            }

            Mark_NeedsLock();
            readers.AddRange(_readers);
        }
    }

    /// <summary>Takes note that the polls that were collected are woken, or wait here again.</summary>
    public void EndWaking()
    {
        lock (_gate)
        {
            _waking--;
        }
    }

    /// <summary>Whether somebody read from the tail since the last call.</summary>
    public bool TakeUse()
    {
        lock (_gate)
        {
            var wasUsed = _wasUsed;
            _wasUsed = false;
            return wasUsed;
        }
    }

    /// <summary>Lets go of the oldest messages, which the store has.</summary>
    /// <param name="bytes">How many bytes at least, as far as there are.</param>
    /// <param name="keepsNewest">Whether the newest message stays whatever happens.</param>
    /// <returns>Whether nothing is left.</returns>
    public bool Evict(long bytes, bool keepsNewest)
    {
        lock (_gate)
        {
            var last = _oldest;
            var let = last.HeldBytes;
            while (let < bytes && last.Next is { } next && !(keepsNewest && next == _newest))
            {
                last = next;
                let += last.HeldBytes;
            }

            _context.Metrics.TailEvicted(last.Ordinal - _oldest.Ordinal);
            Begin_NeedsLock(last, last.Message?.Id ?? _floor);
            Hold_NeedsLock(-let);
            return _heldBytes == 0;
        }
    }

    /// <summary>Finds the node after which a reader at this position goes on; none when the store must be read first.</summary>
    public TailNode? Locate(long after)
    {
        lock (_gate)
        {
            return Locate_NeedsLock(after);
        }
    }

    /// <summary>The node before the oldest message of the tail.</summary>
    public TailNode GetOldest(out long floor)
    {
        lock (_gate)
        {
            floor = _floor;
            return _oldest;
        }
    }

    public void Add(AddressReader reader)
    {
        lock (_gate)
        {
            reader.FeedIndex = _readers.Count;
            _readers.Add(reader);
            ReadersChanged_NeedsLock();
        }
    }

    public void Remove(AddressReader reader)
    {
        lock (_gate)
        {
            if (reader.FeedIndex < 0)
            {
                return;
            }

            // The last one takes its place: many may leave at once.
            var last = _readers[^1];
            _readers[reader.FeedIndex] = last;
            last.FeedIndex = reader.FeedIndex;
            reader.FeedIndex = -1;
            _readers.RemoveAt(_readers.Count - 1);
            ReadersChanged_NeedsLock();
            _idleSince = _context.Time.GetTimestamp();
        }
    }

    /// <summary>Whether nothing later than a position was handed on here, and the tail would have it.</summary>
    public bool IsQuietAfter(long after) => Floor <= after && (Newest.Message is not { } message || message.Id <= after);

    /// <summary>Whether so many polls wait here already.</summary>
    public bool IsFull(int limit)
    {
        lock (_gate)
        {
            return _polls.IsFull(limit, _context.PollsEnded);
        }
    }

    /// <summary>Lets a poll wait; called under the dispatcher's lock, once there is nothing for it.</summary>
    public void Park(PollTicket ticket)
    {
        lock (_gate)
        {
            _polls.Add(ticket);
        }
    }

    /// <summary>Ends the readers and polls that a predicate refuses, at a position between two ids.</summary>
    /// <param name="position">Readers still get what is not later than this.</param>
    /// <param name="refuse">Why a caller is refused; <see cref="AccessStatus.Allowed"/> lets it stay.</param>
    /// <param name="outcome">How refused polls end.</param>
    public void EndRefused(long position, Func<ChannelCaller, AccessStatus> refuse, PollOutcome outcome)
    {
        List<(PollWaiter Waiter, PollResult Result)> ended = [];
        lock (_gate)
        {
            foreach (var reader in _readers.ToArray())
            {
                reader.Unmatched = reader.Unmatched?.GoOnBehind(position);
                if (refuse(reader.Caller) is var reason and not AccessStatus.Allowed)
                {
                    reader.EndAt(position, reason);
                }
            }

            foreach (var ticket in _polls.Tickets)
            {
                if (ticket.Waiter is { } waiter && refuse(waiter.Caller) is var reason and not AccessStatus.Allowed)
                {
                    ended.Add((waiter, new(outcome, Access: outcome == PollOutcome.Refused ? reason : default, Address: Address)));
                }
            }
        }

        PollChunk.Complete(ended);
    }

    /// <summary>Ends the waiting polls and subscriptions of chosen callers. A connection whose own caller is chosen ends as a whole, which is not done here.</summary>
    public void EndRevoked(long position, Func<ChannelCaller, bool> chosen, PollResult result)
    {
        lock (_gate)
        {
            foreach (var reader in _readers.ToArray())
            {
                if (reader.Caller is var caller && !ReferenceEquals(caller, reader.Connection.Caller) && chosen(caller))
                {
                    reader.EndAt(position, AccessStatus.Forbidden);
                }
            }
        }

        EndPolls(chosen, result);
    }

    /// <summary>Ends the waiting polls whose caller a predicate chooses.</summary>
    public void EndPolls(Func<ChannelCaller, bool> chosen, PollResult result)
    {
        List<(PollWaiter Waiter, PollResult Result)> ended = [];
        lock (_gate)
        {
            foreach (var ticket in _polls.Tickets)
            {
                if (ticket.Waiter is { } waiter && chosen(waiter.Caller))
                {
                    ended.Add((waiter, result));
                }
            }
        }

        PollChunk.Complete(ended);
    }

    /// <summary>Gives it up if nobody used it for some time; called under the dispatcher's lock.</summary>
    public bool TryForget(long now, TimeSpan limit)
    {
        lock (_gate)
        {
            if (_polls.Compact())
            {
                _idleSince = now;
            }

            IsForgotten = _readers.Count == 0 && _polls.IsEmpty && _waking == 0 && Presence is null or { IsEmpty_NeedsLock: true }
                && _context.Time.GetElapsedTime(_idleSince, now) >= limit;
            if (!IsForgotten)
            {
                return false;
            }

            Hold_NeedsLock(-_heldBytes);
        }

        _context.Tails.Forget(this);
        return true;
    }

    private TailNode? Locate_NeedsLock(long after)
    {
        if (after < _floor)
        {
            return null;
        }

        if (_newest.Message is null || _newest.Message.Id <= after)
        {
            return _newest;
        }

        _wasUsed = true;
        var node = _oldest;
        while (node.Next is { } next && next.Message!.Id <= after)
        {
            node = next;
        }

        return node;
    }

    private void Mark_NeedsLock()
    {
        foreach (var reader in _readers)
        {
            reader.Connection.Mark(reader);
        }
    }

    private void Trim_NeedsLock(out long let)
    {
        let = 0;
        var options = _context.Options;
        while (_newest.Ordinal - _oldest.Ordinal > options.TailMessages
            || (_newest.Bytes - _oldest.Bytes > options.TailBytes && _oldest.Next != _newest))
        {
            let += _oldest.HeldBytes;
            var next = _oldest.Next!;
            _oldest.Next = TailNode.Cut;
            _oldest = next;
            Volatile.Write(ref _floor, next.Message!.Id);
        }
    }

    /// <summary>Lets the tail begin behind a node, and lets go of its messages up to there.</summary>
    /// <param name="last">The node.</param>
    /// <param name="floor">What is later is or will be in the tail.</param>
    private void Begin_NeedsLock(TailNode last, long floor)
    {
        var first = new TailNode(null, last.Ordinal, last.Bytes) { Next = last.Next };
        for (var node = _oldest; node != first.Next;)
        {
            var next = node!.Next;
            node.Next = TailNode.Cut;
            node = next;
        }

        _oldest = first;
        if (last == _newest)
        {
            Volatile.Write(ref _newest, first);
        }

        Volatile.Write(ref _floor, floor);
    }

    private void Hold_NeedsLock(long change)
    {
        _heldBytes += change;
        _context.Tails.Change(change);
    }
}
