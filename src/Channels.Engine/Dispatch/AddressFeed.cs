using System.Buffers;

namespace Channels.Engine;

/// <summary>One active address: its tail in memory, its readers and its waiting polls.</summary>
internal sealed class AddressFeed : IThreadPoolWorkItem
{
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
    private bool _hasMembers;
    private bool _isOccupied;
    private int _wakeQueued;

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

    /// <summary>Who is present; none as long as nobody was. Guarded by the dispatcher's lock.</summary>
    public AddressPresence? Presence { get; set; }

    /// <summary>Whether it was idle and is no longer the feed of its address; guarded by the dispatcher's lock.</summary>
    public bool IsForgotten { get; private set; }

    /// <summary>The last node; its ordinal and bytes count all that was dispatched.</summary>
    public TailNode Newest => Volatile.Read(ref _newest);

    /// <summary>How many connections read it and polls wait for it.</summary>
    public int CountReaders()
    {
        lock (_gate)
        {
            _polls.Compact();
            return _readers.Count + _polls.Tickets.Length;
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

    /// <summary>Called by the dispatcher, in id order.</summary>
    /// <returns>Whether somebody is there who may wait.</returns>
    public bool Append(ChannelMessage message)
    {
        lock (_gate)
        {
            if (message.Id > _floor)
            {
                _wakeFrom ??= _polls.IsEmpty ? null : _newest;
                var node = new TailNode(message, _newest.Ordinal + 1, _newest.Bytes + message.Payload.Length);
                _newest.Next = node;
                Volatile.Write(ref _newest, node);
                Trim_NeedsLock();
            }

            return _readers.Count > 0 || !_polls.IsEmpty;
        }
    }

    /// <summary>Wakes everybody, unless that is about to happen; called once what they shall find is there to be found.</summary>
    public void QueueWake()
    {
        if (Interlocked.Exchange(ref _wakeQueued, 1) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    /// <summary>Wakes everybody who waits; runs on the pool, so that publishing does not wait for it.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        PollList polls = default;
        TailNode? from;
        AddressReader[] readers;
        int count;
        Interlocked.Exchange(ref _wakeQueued, 0);
        lock (_gate)
        {
            (from, _wakeFrom) = (_wakeFrom, null);
            if (from is not null)
            {
                polls = _polls.Take();
                _waking++;
            }

            count = _readers.Count;
            readers = ArrayPool<AddressReader>.Shared.Rent(count);
            _readers.CopyTo(readers);
        }

        if (from is not null)
        {
            polls.Wake(this, from, _context.Time.GetUtcNow());
            lock (_gate)
            {
                _waking--;
            }
        }

        var chunk = new WakeChunk.Builder();
        for (var i = 0; i < count; i++)
        {
            readers[i].OnAppended(ref chunk);
        }

        ArrayPool<AddressReader>.Shared.Return(readers, clearArray: true);
        chunk.ContinueRest();
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
            TellOccupancy_NeedsLock();
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
            TellOccupancy_NeedsLock();
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

    /// <summary>Forgets the tail, because its messages were deleted.</summary>
    /// <param name="floor">What is later will be in the tail again.</param>
    public void Clear(long floor)
    {
        lock (_gate)
        {
            var first = new TailNode(null, _newest.Ordinal, _newest.Bytes);
            for (var node = _oldest; node is not null && node != TailNode.Cut;)
            {
                var next = node.Next;
                node.Next = TailNode.Cut;
                node = next;
            }

            _oldest = first;
            Volatile.Write(ref _newest, first);
            Volatile.Write(ref _floor, floor);
        }
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
            return IsForgotten;
        }
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
        var kind = isOccupied ? ChannelEventKinds.Occupied : ChannelEventKinds.Vacated;
        if (_context.Events.Wants(kind))
        {
            _context.Events.Report(_context.Events.Now(kind, Address));
        }
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

        var node = _oldest;
        while (node.Next is { } next && next.Message!.Id <= after)
        {
            node = next;
        }

        return node;
    }

    private void Trim_NeedsLock()
    {
        var options = _context.Options;
        while (_newest.Ordinal - _oldest.Ordinal > options.TailMessages
            || (_newest.Bytes - _oldest.Bytes > options.TailBytes && _oldest.Next != _newest))
        {
            var next = _oldest.Next!;
            _oldest.Next = TailNode.Cut;
            _oldest = next;
            Volatile.Write(ref _floor, next.Message!.Id);
        }
    }
}
