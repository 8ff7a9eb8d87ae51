namespace Channels.Engine;

/// <summary>Addresses that have something new, and who waits for it; used again and again.</summary>
/// <param name="queue">Takes those whom the caller does not continue itself.</param>
internal sealed class WakeBatch(WakeQueue queue)
{
    private readonly List<AddressFeed> _feeds = [];
    private readonly List<AddressReader> _readers = [];
    private readonly List<WokenPolls> _polls = [];
    private readonly List<ChannelConnection> _connections = [];

    public bool IsEmpty => _feeds.Count + _connections.Count == 0;

    public void Add(AddressFeed feed) => _feeds.Add(feed);

    public void Add(ChannelConnection connection) => _connections.Add(connection);

    /// <summary>Finds who waits, and marks in every connection which of its addresses have something; wakes nobody yet.</summary>
    public void Collect()
    {
        foreach (var feed in _feeds)
        {
            feed.CollectWaiting(_readers, _polls);
        }
    }

    /// <summary>Wakes everybody who was found, and forgets them.</summary>
    /// <returns>Those whom the caller has to continue itself.</returns>
    public WakeChain Wake(DateTimeOffset now)
    {
        foreach (var polls in _polls)
        {
            polls.Wake(now);
        }

        var chain = new WakeChain(queue);
        foreach (var reader in _readers)
        {
            reader.OnAppended(ref chain);
        }

        foreach (var connection in _connections)
        {
            connection.Wake(ref chain);
        }

        _feeds.Clear();
        _connections.Clear();
        _readers.Clear();
        _polls.Clear();
        return chain;
    }
}
