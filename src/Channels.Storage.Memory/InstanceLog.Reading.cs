namespace Channels.Storage.Memory;

internal sealed partial class InstanceLog
{
    public MessageSlice ReadAfter(IReadOnlyList<ReadPosition> positions, int limit, DateTimeOffset now)
    {
        var goneThrough = new MessageCursor[positions.Count];
        var read = new MergedRead(now, limit, oldestFirst: true);
        lock (_lock)
        {
            for (var i = 0; i < goneThrough.Length; i++)
            {
                var (address, after) = positions[i];
                goneThrough[i] = new(_addresses.GoneThrough(address, now));
                if (_addresses.Find(address) is { } log)
                {
                    read.Add(log, log.IndexAfter(after), log.Count);
                }
            }

            var messages = read.Read();
            return new(messages, Through_NeedsLock(messages, limit), goneThrough);
        }
    }

    public MessageSlice ReadInstanceAfter(MessageCursor after, int limit, DateTimeOffset now)
    {
        lock (_lock)
        {
            var messages = _order.ReadAfter(after.Value, limit, now);
            return new(messages, Through_NeedsLock(messages, limit), []);
        }
    }

    public IReadOnlyList<ChannelMessage> ReadPage(PageQuery query, DateTimeOffset now)
    {
        var read = new MergedRead(now, query.Limit, query.OldestFirst);
        lock (_lock)
        {
            foreach (var log in Logs_NeedsLock(query))
            {
                read.Add(log, log.IndexAfter(query.After), query.Before is { } before ? log.IndexFrom(before.Value) : log.Count);
            }

            return read.Read();
        }
    }

    public MessageCursor Find(DateTimeOffset time)
    {
        lock (_lock)
        {
            if (time >= _lastCreatedAt)
            {
                return new(_head);
            }

            return new(_order.Find(time) ?? (time >= _startedAt ? _base : 0));
        }
    }

    private IEnumerable<AddressLog> Logs_NeedsLock(PageQuery query)
    {
        if (query.AllRooms)
        {
            return _addresses.FindChannel(query.Address.Channel)?.Addresses ?? [];
        }

        return _addresses.Find(query.Address) is { } log ? [log] : [];
    }

    private MessageCursor Through_NeedsLock(IReadOnlyList<ChannelMessage> messages, int limit) =>
        messages.Count == limit ? messages[limit - 1].Cursor : new(_head);
}
