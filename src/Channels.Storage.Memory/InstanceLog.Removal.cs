namespace Channels.Storage.Memory;

internal sealed partial class InstanceLog
{
    /// <summary>Removes messages that have expired.</summary>
    /// <returns>How many.</returns>
    public int RemoveExpired(DateTimeOffset now, int limit)
    {
        lock (_lock)
        {
            var count = 0;
            while (count < limit && _expiries.TryTakeDue(now, out var log))
            {
                count += RemoveExpired_NeedsLock(log, now, limit - count);
            }

            Account_NeedsLock();
            return count;
        }
    }

    /// <summary>Removes the messages of one address.</summary>
    /// <returns>How many.</returns>
    public int Remove(in ChannelAddress address)
    {
        lock (_lock)
        {
            if (_addresses.Find(address) is not { Count: > 0 and var count } log)
            {
                return 0;
            }

            RemoveMessages_NeedsLock(log);
            _addresses.Emptied(log);
            Account_NeedsLock();
            return count;
        }
    }

    /// <summary>Removes idempotency keys whose window has closed.</summary>
    /// <returns>Whether some may be left.</returns>
    public bool RemoveExpiredKeys(DateTimeOffset now, int limit)
    {
        lock (_lock)
        {
            var steps = _keys.RemoveExpired(now, limit);
            Account_NeedsLock();
            return steps == limit;
        }
    }

    /// <summary>Removes the oldest of what it holds until some bytes are free.</summary>
    /// <returns>Whether anything was removed.</returns>
    public bool FreeBytes(long bytes)
    {
        lock (_lock)
        {
            var goal = _messageBytes + _keys.Bytes - bytes;
            var before = _bytes;
            while (_messageBytes + _keys.Bytes > goal && RemoveOldest_NeedsLock())
            {
            }

            Account_NeedsLock();
            return _bytes < before;
        }
    }

    /// <summary>Forgets the idempotency keys whose windows close first.</summary>
    /// <returns>Whether anything was forgotten.</returns>
    public bool ForgetKeys(long count)
    {
        lock (_lock)
        {
            var before = _keys.Count;
            for (; count > 0 && _keys.Count > 0; count--)
            {
                _keys.RemoveOldest();
            }

            Account_NeedsLock();
            return _keys.Count < before;
        }
    }

    private void RemoveMessages_NeedsLock(AddressLog log)
    {
        while (log.Count > 0)
        {
            Removed_NeedsLock(log.RemoveFirst());
        }

        _expiries.Cancel(log);
    }

    private int RemoveExpired_NeedsLock(AddressLog log, DateTimeOffset now, int limit)
    {
        log.RemoveExpired(now, limit, _removed);
        var count = _removed.Count;
        foreach (var message in _removed)
        {
            Removed_NeedsLock(message);
        }

        _removed.Clear();
        if (log.Count > 0)
        {
            _expiries.Schedule(log, log.NextExpiry());
        }
        else if (count > 0)
        {
            _addresses.Emptied(log);
        }

        return count;
    }

    private bool RemoveOldest_NeedsLock()
    {
        var message = _order.First;
        if (_keys.Count > 0 && (message is null || _keys.Bytes > _budget.KeyShare))
        {
            _keys.RemoveOldest();
            return true;
        }

        // The oldest message of an instance is the oldest of its address.
        if (message is null || _addresses.Find(message.Address) is not { } log)
        {
            return false;
        }

        Removed_NeedsLock(log.RemoveFirst());
        if (log.Count == 0)
        {
            _expiries.Cancel(log);
            _addresses.Emptied(log);
        }

        return true;
    }
}
