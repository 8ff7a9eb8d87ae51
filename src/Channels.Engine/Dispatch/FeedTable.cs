namespace Channels.Engine;

/// <summary>The active addresses of one instance, by channel and room.</summary>
internal sealed class FeedTable
{
    private readonly Dictionary<string, Dictionary<string, AddressFeed>> _byChannel = new(StringComparer.Ordinal);

    public int Count { get; private set; }

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
        Count++;
        return feed;
    }

    public void Forget(Func<AddressFeed, bool> chosen)
    {
        foreach (var (channel, rooms) in _byChannel.ToArray())
        {
            foreach (var (room, feed) in rooms.ToArray())
            {
                if (chosen(feed))
                {
                    rooms.Remove(room);
                    Count--;
                }
            }

            if (rooms.Count == 0)
            {
                _byChannel.Remove(channel);
            }
        }
    }
}
