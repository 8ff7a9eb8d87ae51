namespace Channels.Storage.Memory;

/// <summary>Messages of one address by ascending id, in a ring that grows to what the address keeps. Guarded by its instance's lock.</summary>
internal sealed class AddressLog(ChannelLog channel, string? room, long removedThrough)
{
    private ChannelMessage?[] _ring = [];
    private int _head;

    // Whether a message may expire before an older one: only after the rule of the channel was changed.
    private bool _expiriesFall;

    public ChannelLog Channel => channel;

    public string? Room => room;

    public int Count { get; private set; }

    /// <summary>Highest id that was removed here.</summary>
    public long RemovedThrough { get; private set; } = removedThrough;

    /// <summary>Ticks under which <see cref="ExpiryIndex"/> holds the address; <see cref="ExpiryIndex.Never"/> when it does not.</summary>
    public long ScheduledAt { get; set; } = ExpiryIndex.Never;

    /// <summary>How many idempotency keys belong to the address.</summary>
    public int KeyCount { get; set; }

    /// <summary>Whether <see cref="AddressIndex"/> has it among those that may be forgotten.</summary>
    public bool IsQueued { get; set; }

    public ChannelMessage this[int index] => _ring[(_head + index) & (_ring.Length - 1)]!;

    public void Add(ChannelMessage message)
    {
        if (Count == _ring.Length)
        {
            Grow();
        }

        _expiriesFall |= Count > 0 && message.ExpiresAt < this[Count - 1].ExpiresAt;
        _ring[(_head + Count) & (_ring.Length - 1)] = message;
        Count++;
    }

    public ChannelMessage RemoveFirst()
    {
        var message = this[0];
        _ring[_head] = null;
        _head = (_head + 1) & (_ring.Length - 1);
        Shorten(Count - 1);
        RemovedThrough = Math.Max(RemovedThrough, message.Id);
        return message;
    }

    /// <summary>Removes what has expired, oldest first, until <paramref name="removed"/> holds <paramref name="limit"/> messages.</summary>
    public void RemoveExpired(DateTimeOffset now, int limit, List<ChannelMessage> removed)
    {
        while (Count > 0 && removed.Count < limit && this[0].ExpiresAt <= now)
        {
            removed.Add(RemoveFirst());
        }

        if (_expiriesFall && removed.Count < limit)
        {
            RemoveExpiredBetween(now, limit, removed);
        }
    }

    /// <summary>Highest id that was removed or has expired.</summary>
    public long GoneThrough(DateTimeOffset now) => Math.Max(RemovedThrough, ExpiredThrough(now));

    /// <summary>When the next message expires.</summary>
    public DateTimeOffset NextExpiry()
    {
        var next = this[0].ExpiresAt;
        for (var i = 1; _expiriesFall && i < Count; i++)
        {
            next = this[i].ExpiresAt < next ? this[i].ExpiresAt : next;
        }

        return next;
    }

    /// <summary>Index of the first message with this id or a greater one; <see cref="Count"/> when there is none.</summary>
    public int IndexFrom(long id) => IndexOfFirst(id, static (message, id) => message.Id >= id);

    /// <summary>Index of the first message behind a position; <see cref="Count"/> when there is none.</summary>
    public int IndexAfter(MessageCursor cursor)
    {
        // Readers stand at the end more often than not.
        return Count == 0 || this[Count - 1].Id <= cursor.Value ? Count : IndexFrom(cursor.Value + 1);
    }

    private long ExpiredThrough(DateTimeOffset now)
    {
        if (Count == 0 || (!_expiriesFall && this[0].ExpiresAt > now))
        {
            return 0;
        }

        var live = _expiriesFall ? LiveAtEnd(now) : Count - IndexOfFirst(now, static (message, now) => message.ExpiresAt > now);
        return live == Count ? 0 : this[Count - live - 1].Id;
    }

    private int IndexOfFirst<T>(T argument, Func<ChannelMessage, T, bool> matchesFromHereOn)
    {
        var (low, high) = (0, Count);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            (low, high) = matchesFromHereOn(this[middle], argument) ? (low, middle) : (middle + 1, high);
        }

        return low;
    }

    private int LiveAtEnd(DateTimeOffset now)
    {
        var live = 0;
        while (live < Count && this[Count - live - 1].ExpiresAt > now)
        {
            live++;
        }

        return live;
    }

    private void RemoveExpiredBetween(DateTimeOffset now, int limit, List<ChannelMessage> removed)
    {
        var kept = 0;
        _expiriesFall = false;
        for (var i = 0; i < Count; i++)
        {
            var message = this[i];
            if (removed.Count < limit && message.ExpiresAt <= now)
            {
                RemovedThrough = Math.Max(RemovedThrough, message.Id);
                removed.Add(message);
                continue;
            }

            _expiriesFall |= kept > 0 && message.ExpiresAt < this[kept - 1].ExpiresAt;
            _ring[(_head + kept++) & (_ring.Length - 1)] = message;
        }

        for (var i = kept; i < Count; i++)
        {
            _ring[(_head + i) & (_ring.Length - 1)] = null;
        }

        Shorten(kept);
    }

    private void Shorten(int count)
    {
        Count = count;
        if (count == 0)
        {
            (_ring, _head, _expiriesFall) = ([], 0, false);
        }
    }

    private void Grow()
    {
        var ring = new ChannelMessage?[Math.Max(1, _ring.Length * 2)];
        for (var i = 0; i < Count; i++)
        {
            ring[i] = this[i];
        }

        (_ring, _head) = (ring, 0);
    }
}
