using Channels.Testing;
using Channels.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace Channels.Engine.Tests.Statistics;

public sealed class PublishedTests : IAsyncLifetime
{
    /// <summary>So many addresses are remembered at least, and twice as many at most.</summary>
    private const int Remembered = 65_536;

    private readonly ChannelsTestHost _host = ChannelsTestHost.Create(
        channels => channels
            .AddChannel("{name}", c => c.Retain(age: TimeSpan.FromMinutes(1), count: 2))
            .AddChannel("rooms", c => c.SeparateRooms()),
        options =>
        {
            options.Instances.Add(ChannelAddress.DefaultInstance);
            options.Instances.Add("other");
        });

    public ValueTask InitializeAsync() => default;

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private IChannelStatistics Statistics => _host.Services.GetRequiredService<IChannelStatistics>();

    [Fact]
    public async Task Whatever_was_published_counts_once()
    {
        for (var i = 0; i < 5; i++)
        {
            await PublishAsync("a");
        }

        await PublishAsync("a", new("1") { Transient = true });
        await PublishAsync("a", new("1") { IdempotencyKey = "key" });
        Assert.Equal(PublishStatus.Duplicate, (await _host.Channels.TryPublishAsync("a", new("1") { IdempotencyKey = "key" }).Within()).Status);
        Assert.False((await _host.Channels.TryPublishAsync("a", new("no json")).Within()).Succeeded);
        _host.Time.Advance(TimeSpan.FromMinutes(2));
        await _host.Maintenance.SweepAsync().Within();

        Assert.Equal(7, Statistics.CountPublished("a"));
        Assert.Equal(7, Statistics.CountAllPublished("default"));
    }

    [Fact]
    public async Task Addresses_are_counted_and_listed_each_by_itself()
    {
        await PublishAsync("b");
        await PublishAsync("a");
        await PublishAsync(new("rooms", "red"));
        await PublishAsync(new("rooms", "blue"));
        await PublishAsync(new("rooms", "red"));
        await PublishAsync(new("a", Instance: "other"));

        Assert.Equal(
            [new("a", 1), new("b", 1), new(new("rooms", "blue"), 1), new(new("rooms", "red"), 2)],
            Statistics.ListPublished("default"));
        Assert.Equal([new(new("rooms", "blue"), 1), new(new("rooms", "red"), 2)], Statistics.ListPublished("default", "ro"));
        Assert.Empty(Statistics.ListPublished("default", "A"));
        Assert.Equal((5, 1), (Statistics.CountAllPublished("default"), Statistics.CountAllPublished("other")));
        Assert.Equal((0, 0), (Statistics.CountPublished("rooms"), Statistics.CountPublished("none")));
        Assert.Equal(0, Statistics.CountAllPublished("unknown"));
        Assert.Empty(Statistics.ListPublished("unknown"));
    }

    [Fact]
    public async Task A_deleted_channel_starts_anew()
    {
        await _host.Channels.Catalog.CreateAsync(new() { Name = "rooms", Type = ChannelType.SeparateRooms }).Within();
        await PublishAsync(new("rooms", "red"));
        await PublishAsync("rooms2");
        Assert.Equal(CatalogStatus.Done, await _host.Channels.Catalog.DeleteAsync("rooms").Within());

        Assert.Equal([new("rooms2", 1)], Statistics.ListPublished("default"));
        Assert.Equal(2, Statistics.CountAllPublished("default"));
        await PublishAsync(new("rooms", "red"));
        Assert.Equal(1, Statistics.CountPublished(new("rooms", "red")));
    }

    [Fact]
    public async Task The_addresses_that_were_used_last_are_remembered()
    {
        await PublishAsync("early");
        await PublishAsync("often");
        await PublishToManyAsync(Remembered - 2, "first");
        Assert.Equal(Remembered, Statistics.ListPublished("default").Count);

        // The second generation begins; what is used goes over to it.
        await PublishToManyAsync(1, "second");
        await PublishAsync("often");
        Assert.Equal((2, 1), (Statistics.CountPublished("often"), Statistics.CountPublished("early")));
        await PublishToManyAsync(Remembered - 2, "third");
        Assert.Equal(1, Statistics.CountPublished("early"));

        // One past the limit: the first is forgotten.
        await PublishToManyAsync(1, "fourth");
        Assert.Equal((2, 0), (Statistics.CountPublished("often"), Statistics.CountPublished("early")));
        Assert.Equal(Remembered + 1, Statistics.ListPublished("default").Count);
        Assert.Equal((2 * Remembered) + 1, Statistics.CountAllPublished("default"));
    }

    private async Task PublishToManyAsync(int count, string prefix)
    {
        foreach (var chunk in Enumerable.Range(0, count).Chunk(1000))
        {
            var results = await _host.Channels.TryPublishManyAsync([.. chunk.Select(i => new AddressedDraft($"{prefix}{i}", new("1")))]).Within();
            Assert.All(results, result => Assert.True(result.Succeeded));
        }
    }

    private async Task PublishAsync(ChannelAddress address, MessageDraft? draft = null) =>
        Assert.True((await _host.Channels.TryPublishAsync(address, draft ?? new("1")).Within()).Succeeded);
}
