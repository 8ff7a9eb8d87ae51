namespace Channels.Engine;

/// <summary>The active addresses of one instance, by channel and room.</summary>
internal sealed class FeedTable
{
    private const int MinForgetStep = 64;
    private const int MaxForgetStep = 4096;

    private readonly Dictionary<string, Dictionary<string, AddressFeed>> _byChannel = new(StringComparer.Ordinal);

    private readonly SortedSet<ChannelAddress> _ordered = new(AddressOrder.Instance);

    // All feeds, in the order in which they are looked at for being idle.
    private readonly Queue<AddressFeed> _checks = new();

    public int Count => _checks.Count;

    /// <summary>Versions of the members of a forgotten address go on behind this one.</summary>
    public long PresenceFloor { get; private set; }

    public IEnumerable<AddressFeed> All => _byChannel.Values.SelectMany(rooms => rooms.Values);

    public AddressFeed? Find(in ChannelAddress address) =>
        _byChannel.TryGetValue(address.Channel, out var rooms) ? rooms.GetValueOrDefault(address.Room ?? "") : null;

    public IEnumerable<AddressFeed> OfChannel(string channel) =>
        _byChannel.TryGetValue(channel, out var rooms) ? rooms.Values : [];

    public AddressFeed Add(AddressFeed feed)
    {
        if (!_byChannel.TryGetValue(feed.Address.Channel, out var rooms))
        {
            rooms = new(StringComparer.Ordinal);
            _byChannel.Add(feed.Address.Channel, rooms);
        }

        rooms.Add(feed.Address.Room ?? "", feed);
        _ordered.Add(feed.Address);
        _checks.Enqueue(feed);
        return feed;
    }

    /// <summary>Copies feeds in the order of their addresses.</summary>
    /// <param name="target">Where they go.</param>
    /// <param name="prefix">Only channels whose name starts with this.</param>
    /// <param name="after">Only addresses behind this one.</param>
    /// <param name="limit">How many at most.</param>
    public void CopyInOrder(List<AddressFeed> target, string prefix, ChannelAddress? after, int limit)
    {
        var first = after is { } boundary && string.CompareOrdinal(boundary.Channel, prefix) > 0 ? boundary : new(prefix);
        var last = _ordered.Max;
        if (_ordered.Count == 0 || AddressOrder.Instance.Compare(first, last) > 0)
        {
            return;
        }

        foreach (var address in _ordered.GetViewBetween(first, last))
        {
            if (target.Count == limit || !address.Channel.StartsWith(prefix, StringComparison.Ordinal))
            {
                return;
            }

            if (after is not { } reached || AddressOrder.Instance.Compare(address, reached) > 0)
            {
                target.Add(Find(address)!);
            }
        }
    }

    /// <summary>Looks at some feeds, so that all are looked at within a few calls, and forgets the idle ones.</summary>
    public void ForgetIdle(long now, TimeSpan limit)
    {
        for (var left = Math.Min(Count, Math.Clamp(Count / 8, MinForgetStep, MaxForgetStep)); left > 0; left--)
        {
            var feed = _checks.Dequeue();
            if (feed.TryForget(now, limit))
            {
                PresenceFloor = Math.Max(PresenceFloor, feed.Presence?.State.Version ?? 0);
                Remove(feed);
            }
            else
            {
                _checks.Enqueue(feed);
            }
        }
    }

    private void Remove(AddressFeed feed)
    {
        var address = feed.Address;
        _ordered.Remove(address);
        var rooms = _byChannel[address.Channel];
        rooms.Remove(address.Room ?? "");
        if (rooms.Count == 0)
        {
            _byChannel.Remove(address.Channel);
        }
    }
}
