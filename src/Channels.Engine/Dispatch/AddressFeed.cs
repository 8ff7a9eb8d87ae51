using System.Buffers;

namespace Channels.Engine;

/// <summary>One active address: its tail in memory, its readers and its waiting polls.</summary>
internal sealed class AddressFeed : IThreadPoolWorkItem
{
    private readonly EngineContext _context;
    private readonly Lock _gate = new();
    private readonly List<AddressReader> _readers = [];
    private PollList _polls = new();
    private TailNode _oldest;
    private TailNode _newest;
    private long _idleSince;
    private bool _wakeQueued;

    public AddressFeed(EngineContext context, InstanceLog log, ChannelAddress address, long floor)
    {
        _context = context;
        Log = log;
        Address = address;
        Floor = floor;
        _oldest = _newest = new(null, 0, 0);
        _idleSince = context.Time.GetTimestamp();
    }

    public InstanceLog Log { get; }

    public ChannelAddress Address { get; }

    /// <summary>The tail holds every message of the address with a greater id.</summary>
    public long Floor { get; private set; }

    /// <summary>The last node; its ordinal and bytes count all that was dispatched.</summary>
    public TailNode Newest => Volatile.Read(ref _newest);

    /// <summary>Called by the dispatcher, in id order.</summary>
    public void Append(ChannelMessage message)
    {
        lock (_gate)
        {
            var node = new TailNode(message, _newest.Ordinal + 1, _newest.Bytes + message.Payload.Length);
            _newest.Next = node;
            Volatile.Write(ref _newest, node);
            Trim_NeedsLock();
            if (_wakeQueued || (_readers.Count == 0 && _polls.Count == 0))
            {
                return;
            }

            _wakeQueued = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>Wakes everybody who waits; runs on the pool, so that publishing does not wait for it.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        PollList polls;
        AddressReader[] readers;
        int count;
        lock (_gate)
        {
            _wakeQueued = false;
            polls = _polls;
            _polls = new();
            count = _readers.Count;
            readers = ArrayPool<AddressReader>.Shared.Rent(count);
            _readers.CopyTo(readers);
        }

        polls.Wake(_context.Time.GetUtcNow());
        var chunk = new WakeChunk.Builder();
        for (var i = 0; i < count; i++)
        {
            readers[i].OnAppended(ref chunk);
        }

        chunk.Flush();

        ArrayPool<AddressReader>.Shared.Return(readers, clearArray: true);
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
    public TailNode OldestNode()
    {
        lock (_gate)
        {
            return _oldest;
        }
    }

    public void Add(AddressReader reader)
    {
        lock (_gate)
        {
            _readers.Add(reader);
        }
    }

    public void Remove(AddressReader reader)
    {
        lock (_gate)
        {
            _readers.Remove(reader);
            _idleSince = _context.Time.GetTimestamp();
        }
    }

    /// <summary>Answers a poll from the tail, or parks it; one step, so that nothing slips between.</summary>
    public ParkOutcome TryPark(PollWaiter waiter, DateTimeOffset now, int limit, out ChannelMessage? message)
    {
        message = null;
        lock (_gate)
        {
            if (Locate_NeedsLock(waiter.After) is not { } node)
            {
                return ParkOutcome.NeedsStore;
            }

            waiter.Node = node;
            if (waiter.TryFind(now, out message))
            {
                return ParkOutcome.Found;
            }

            if (_polls.Count >= limit)
            {
                return ParkOutcome.LimitReached;
            }

            _polls.Add(waiter);
            return ParkOutcome.Parked;
        }
    }

    /// <summary>Forgets a poll that ended by itself.</summary>
    public void Remove(PollWaiter waiter)
    {
        lock (_gate)
        {
            if (waiter.List == _polls)
            {
                _polls.Remove(waiter);
                _idleSince = _context.Time.GetTimestamp();
            }
        }
    }

    /// <summary>Ends the readers and polls that a predicate refuses, at a position between two ids.</summary>
    /// <param name="position">Readers still get what is not later than this.</param>
    /// <param name="refuse">Why a caller is refused; <see cref="AccessStatus.Allowed"/> lets it stay.</param>
    /// <param name="result">How refused polls end.</param>
    public void EndRefused(long position, Func<ChannelCaller, AccessStatus> refuse, Func<AccessStatus, PollResult> result)
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

            foreach (var waiter in _polls.ToArray())
            {
                if (refuse(waiter.Caller) is var reason and not AccessStatus.Allowed)
                {
                    _polls.Remove(waiter);
                    ended.Add((waiter, result(reason)));
                }
            }
        }

        PollChunk.Complete(ended);
    }

    /// <summary>Ends the waiting polls whose caller a predicate chooses.</summary>
    public void EndPolls(Func<ChannelCaller, bool> chosen, PollResult result)
    {
        PollWaiter[] ended;
        lock (_gate)
        {
            ended = [.. _polls.ToArray().Where(waiter => chosen(waiter.Caller))];
            Array.ForEach(ended, _polls.Remove);
        }

        PollChunk.Complete(ended.Select(waiter => (waiter, result)));
    }

    /// <summary>Forgets the tail, because its messages were deleted.</summary>
    public void Clear(long position)
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
            Floor = position;
        }
    }

    /// <summary>Whether nobody used it for some time.</summary>
    public bool IsIdle(long now, TimeSpan limit)
    {
        lock (_gate)
        {
            return _readers.Count == 0 && _polls.Count == 0 && _context.Time.GetElapsedTime(_idleSince, now) >= limit;
        }
    }

    private TailNode? Locate_NeedsLock(long after)
    {
        if (after < Floor)
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
            Floor = next.Message!.Id;
        }
    }
}
