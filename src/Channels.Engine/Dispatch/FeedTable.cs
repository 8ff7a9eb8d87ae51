namespace Channels.Engine;

/// <summary>The active addresses of one instance, by channel and room.</summary>
internal sealed class FeedTable
{
    private const int MinForgetStep = 64;
    private const int MaxForgetStep = 4096;

    private readonly Dictionary<string, Dictionary<string, AddressFeed>> _byChannel = new(StringComparer.Ordinal);

    // All feeds, in the order in which they are looked at for being idle.
    private readonly Queue<AddressFeed> _checks = new();

    public int Count => _checks.Count;

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
        _checks.Enqueue(feed);
        return feed;
    }

    /// <summary>Looks at some feeds, so that all are looked at within a few calls, and forgets the idle ones.</summary>
    public void ForgetIdle(long now, TimeSpan limit)
    {
        for (var left = Math.Min(Count, Math.Clamp(Count / 8, MinForgetStep, MaxForgetStep)); left > 0; left--)
        {
            var feed = _checks.Dequeue();
            if (feed.TryForget(now, limit))
            {
                Remove(feed.Address);
            }
            else
            {
                _checks.Enqueue(feed);
            }
        }
    }

    private void Remove(in ChannelAddress address)
    {
        var rooms = _byChannel[address.Channel];
        rooms.Remove(address.Room ?? "");
        if (rooms.Count == 0)
        {
            _byChannel.Remove(address.Channel);
        }
    }
}
