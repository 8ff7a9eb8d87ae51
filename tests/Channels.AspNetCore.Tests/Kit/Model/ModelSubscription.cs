namespace Channels.AspNetCore.Tests.Kit.Model;

/// <summary>One subscription of one connection.</summary>
/// <param name="Channel">What was subscribed.</param>
/// <param name="Start">Where it stands: everything later is due.</param>
/// <param name="From">What was asked for.</param>
internal sealed record ModelSubscription(string Channel, long Start, SubscribeFromKind From)
{
    /// <summary>When the answer to the unsubscribe came, by the log's clock; <see cref="long.MaxValue"/> for never.</summary>
    public long UnsubscribedAt { get; set; } = long.MaxValue;

    public bool IsOpen => UnsubscribedAt == long.MaxValue;

    /// <summary>Compares what came of it with what was published.</summary>
    /// <param name="due">All of the channel that the connection is not excluded from, in order.</param>
    /// <param name="items">What came, in order.</param>
    /// <param name="isWhole">Whether everything must have come.</param>
    public void Check(IReadOnlyList<PublishedMessage> due, IReadOnlyList<ModelItem> items, bool isWhole)
    {
        var byId = due.ToDictionary(message => message.Id);
        var position = From == SubscribeFromKind.Oldest && items.Count > 0 && items[0].Gap is null ? items[0].Id - 1 : Start;
        var told = 0L;
        foreach (var item in items)
        {
            if (item.Gap is { } gap)
            {
                Assert.True(gap.Requested.Value >= position, "A gap begins where the reader stood.");
                Assert.True(gap.Oldest > gap.Requested, "A gap is not empty.");
                told = gap.Oldest.Value;
                continue;
            }

            Assert.True(byId.TryGetValue(item.Id, out var message), "Only what was published there, and not past this connection, comes.");
            Assert.True(message.Payload == item.Payload, "A message comes as it was published.");
            Assert.True(message.Began < UnsubscribedAt, "What was published after the unsubscribe was answered does not come.");
            Assert.True(item.Id > position && item.Id > told, "Ids ascend, each once, and none that was told to be missing.");
            Assert.False(due.Any(missed => missed.Id > Math.Max(position, told) && missed.Id < item.Id), "Nothing is left out unsaid.");
            position = item.Id;
        }

        Assert.True(!isWhole || due.All(message => message.Id <= Math.Max(position, told)), "Everything that is due has come.");
    }
}
