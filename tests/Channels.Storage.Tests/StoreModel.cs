using Channels.TestSupport.Storage;

namespace Channels.Storage.Tests;

/// <summary>What a store should hold of one instance, as lists that are searched from end to end. Ids are learnt from the store.</summary>
internal sealed class StoreModel(string instance)
{
    private readonly List<ChannelMessage> _messages = [];
    private readonly List<(TestEntry Entry, ChannelMessage Message, DateTimeOffset Until)> _keys = [];
    private readonly Dictionary<ChannelAddress, long> _removedThrough = [];
    private readonly Dictionary<string, long> _deletedThrough = [];
    private DateTimeOffset _lastCreatedAt;

    public string Instance => instance;

    public long Head { get; private set; }

    public List<ChannelDescriptor> Channels { get; } = [];

    /// <summary>Ids of all messages that were ever stored, and of transient ones.</summary>
    public List<long> Given { get; } = [0];

    public IEnumerable<ChannelMessage> Visible(DateTimeOffset now) => _messages.Where(message => message.ExpiresAt > now);

    public long VersionOf(string channel) => Channels.Find(descriptor => descriptor.Name == channel)?.Version ?? 0;

    /// <summary>Takes note of where the store's sequence stands, which a restart may have moved forward.</summary>
    public void Continue(StoreHead head)
    {
        Assert.True(head.Head.Value >= Head);
        Head = head.Head.Value;
    }

    public void Append(IReadOnlyList<TestEntry> entries, AppendResult result, DateTimeOffset now)
    {
        Assert.Equal(Head, result.Previous.Value);
        Assert.Equal(entries.Count, result.Outcomes.Count);
        for (var i = 0; i < entries.Count; i++)
        {
            Append(entries[i], result.Outcomes[i], now);
        }

        Assert.Equal(Head, result.Head.Value);
    }

    /// <summary>Removes what has expired.</summary>
    /// <returns>How many messages.</returns>
    public int RemoveExpired(DateTimeOffset now) => Remove(message => message.ExpiresAt <= now);

    /// <summary>Removes what an address holds.</summary>
    /// <returns>How many messages.</returns>
    public int Remove(ChannelAddress address) => Remove(message => message.Address == address);

    public void Delete(string channel)
    {
        Channels.RemoveAll(descriptor => descriptor.Name == channel);
        Remove(message => message.Address.Channel == channel);
        _deletedThrough[channel] = _removedThrough.Where(mark => mark.Key.Channel == channel).Select(mark => mark.Value).DefaultIfEmpty().Max();
    }

    /// <summary>Checks the mark of an address; a deleted channel may have one for all its addresses.</summary>
    public void CheckRemovedThrough(ChannelAddress address, MessageCursor actual, DateTimeOffset now)
    {
        var expired = _messages.Where(message => message.Address == address && message.ExpiresAt <= now).Select(message => message.Id);
        var exact = expired.Append(_removedThrough.GetValueOrDefault(address)).Max();
        Assert.InRange(actual.Value, exact, Math.Max(exact, _deletedThrough.GetValueOrDefault(address.Channel)));
    }

    private void Append(TestEntry entry, AppendOutcome outcome, DateTimeOffset now)
    {
        var earlier = entry.Key is null ? default : _keys.FindLast(key => IsSameKey(key.Entry, entry) && key.Until > now);
        var expected = (entry.DescriptorVersion, earlier.Message) switch
        {
            ({ } version, _) when version != VersionOf(entry.Address.Channel) => AppendStatus.StaleDescriptor,
            (_, null) => AppendStatus.Stored,
            _ => earlier.Entry.Payload == entry.Payload ? AppendStatus.Duplicate : AppendStatus.KeyConflict,
        };
        Assert.Equal(expected, outcome.Status);
        if (expected == AppendStatus.Stored)
        {
            Store(entry, outcome.Message!, now);
        }
        else
        {
            Assert.Equal(expected == AppendStatus.Duplicate ? earlier.Message!.Id : null, outcome.Message?.Id);
        }
    }

    private void Store(TestEntry entry, ChannelMessage message, DateTimeOffset now)
    {
        _lastCreatedAt = now > _lastCreatedAt ? now : _lastCreatedAt;
        Assert.True(message.Id > Head);
        Assert.Equal(_lastCreatedAt, message.CreatedAt);
        Given.Add(Head = message.Id);
        if (entry.IsTransient)
        {
            return;
        }

        _messages.Add(message);
        var kept = _messages.Where(other => other.Address == message.Address).ToArray();
        foreach (var removed in kept.SkipLast(entry.KeepCount))
        {
            RaiseRemoved(removed);
            _messages.Remove(removed);
        }

        if (entry.Key is not null)
        {
            _keys.Add((entry, message, now + entry.KeyWindow));
        }
    }

    private int Remove(Predicate<ChannelMessage> chosen)
    {
        _messages.FindAll(chosen).ForEach(RaiseRemoved);
        return _messages.RemoveAll(chosen);
    }

    private void RaiseRemoved(ChannelMessage message) =>
        _removedThrough[message.Address] = Math.Max(_removedThrough.GetValueOrDefault(message.Address), message.Id);

    private static bool IsSameKey(TestEntry left, TestEntry right) =>
        left.Address == right.Address && left.Author == right.Author && left.Key == right.Key;
}
