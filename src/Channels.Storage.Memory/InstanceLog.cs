namespace Channels.Storage.Memory;

/// <summary>Everything a store holds of one instance, under one lock.</summary>
internal sealed partial class InstanceLog
{
    /// <summary>Where ids count from: an id is at least the number of 100-ns ticks since then at the instance's first use.</summary>
    private static readonly DateTimeOffset Epoch = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Lock _lock = new();
    private readonly MemoryBudget _budget;
    private readonly AddressIndex _addresses;
    private readonly MessageOrder _order = new();
    private readonly ExpiryIndex _expiries = new();
    private readonly KeyIndex _keys = new();
    private readonly List<ChannelMessage> _removed = [];
    private readonly DateTimeOffset _startedAt;
    private readonly long _base;
    private DateTimeOffset _lastCreatedAt;
    private long _head;
    private long _messageBytes;
    private long _bytes;
    private int _keyCount;

    public InstanceLog(string name, MemoryBudget budget, int maxEmptyAddresses, DateTimeOffset now)
    {
        Name = name;
        _budget = budget;
        _addresses = new(maxEmptyAddresses);
        _startedAt = _lastCreatedAt = now;
        _base = _head = Math.Max(0, (now - Epoch).Ticks);
    }

    public string Name { get; }

    /// <summary>What it counts against the byte cap; may be outdated when it is read.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>How many idempotency keys it remembers; may be outdated when it is read.</summary>
    public int KeyCount => Volatile.Read(ref _keyCount);

    public AppendResult Append(IReadOnlyList<AppendEntry> batch, DateTimeOffset now)
    {
        var outcomes = new AppendOutcome[batch.Count];
        lock (_lock)
        {
            var previous = _head;
            var createdAt = now > _lastCreatedAt ? now : _lastCreatedAt;
            for (var i = 0; i < outcomes.Length; i++)
            {
                outcomes[i] = Append_NeedsLock(batch[i], createdAt, now);
            }

            _lastCreatedAt = _head == previous ? _lastCreatedAt : createdAt;
            Account_NeedsLock();
            return new(new(previous), new(_head), outcomes);
        }
    }

    public StoreHead GetHead()
    {
        lock (_lock)
        {
            return new(new(_head), _lastCreatedAt, _base > 0 ? [new(MessageCursor.Beginning, new(_base))] : []);
        }
    }

    private AppendOutcome Append_NeedsLock(AppendEntry entry, DateTimeOffset createdAt, DateTimeOffset now)
    {
        // A change that publishes nothing has no address.
        var channel = entry.Address.Channel is { } name ? _addresses.FindChannel(name) : null;
        if (entry.DescriptorVersion is { } version && version != (channel?.Version ?? 0))
        {
            return new(AppendStatus.StaleDescriptor);
        }

        if (entry.Change is { } change)
        {
            return Change_NeedsLock(entry, change, createdAt, now);
        }

        var log = channel?.Find(entry.Address.Room);
        if (entry.Draft.IdempotencyKey is not null && log is not null && _keys.Find(log, entry, now) is { } earlier)
        {
            return earlier.Payload.Span.SequenceEqual(entry.Draft.Payload.Span) ? new(AppendStatus.Duplicate, earlier) : new(AppendStatus.KeyConflict);
        }

        return new(AppendStatus.Stored, AddMessage_NeedsLock(entry, entry.Draft, log, createdAt, now));
    }

    private ChannelMessage AddMessage_NeedsLock(
        AppendEntry entry, MessageDraft draft, AddressLog? log, DateTimeOffset createdAt, DateTimeOffset now)
    {
        var message = entry.ToMessage(++_head, createdAt, draft);
        if (!entry.IsTransient)
        {
            Store_NeedsLock(log ?? _addresses.Add(entry.Address), entry, message, now);
        }

        return message;
    }

    private void Store_NeedsLock(AddressLog log, AppendEntry entry, ChannelMessage message, DateTimeOffset now)
    {
        log.Add(message);
        _order.Add(message);
        _messageBytes += MessageSize.Of(message);
        _expiries.Schedule(log, message.ExpiresAt);
        while (log.Count > entry.KeepCount)
        {
            Removed_NeedsLock(log.RemoveFirst());
        }

        if (entry.Draft.IdempotencyKey is not null)
        {
            // Two for each new one, so that keys do not pile up between sweeps.
            _keys.RemoveExpired(now, 2);
            _keys.Add(log, entry, message, now + entry.KeyWindow);
        }
    }

    private void Removed_NeedsLock(ChannelMessage message)
    {
        _order.Remove(message.Id);
        _messageBytes -= MessageSize.Of(message);
    }

    private void Account_NeedsLock()
    {
        var (bytes, keys) = (_messageBytes + _keys.Bytes, _keys.Count);
        _budget.Change(bytes - _bytes, keys - _keyCount);
        Volatile.Write(ref _bytes, bytes);
        Volatile.Write(ref _keyCount, keys);
    }
}
