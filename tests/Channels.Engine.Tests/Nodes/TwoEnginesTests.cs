using Channels.Storage.Memory;
using Channels.Testing;
using Channels.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace Channels.Engine.Tests.Nodes;

/// <summary>Two engines over one log, without a signal between them.</summary>
public sealed class TwoEnginesTests : IAsyncLifetime
{
    private readonly ManualTimeProvider _time = new();
    private readonly ChannelsTestHost _a;
    private readonly ChannelsTestHost _b;

    public TwoEnginesTests()
    {
        var store = new MemoryStore(_time);
        _a = Create(store);
        _b = Create(store);
    }

    public ValueTask InitializeAsync() => default;

    public async ValueTask DisposeAsync()
    {
        await _a.DisposeAsync();
        await _b.DisposeAsync();
    }

    [Fact]
    public async Task P2_readers_of_one_node_get_what_the_other_published_once_and_in_order()
    {
        await using var connection = _b.Connections.TryOpen(new() { Protocol = "test", Caller = ChannelCaller.Host })!;
        await connection.SubscribeAsync("a").Within();
        var expected = new List<long>();
        for (var i = 0; i < 1_500; i++)
        {
            expected.Add((await _a.Channels.PublishAsync("a", new($"{i}")).Within()).Id);
        }

        Assert.True(connection.IsSilent());
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(expected, (await connection.ReadAsync(1_500)).Select(delivery => delivery.Message!.Id));
    }

    [Fact]
    public async Task A_poll_of_one_node_is_answered_by_what_the_other_published()
    {
        var poll = _b.Channels.PollAsync("a").AsTask();
        var message = await _a.Channels.PublishAsync("a", new()).Within();

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(message.Id, (await poll.Within()).Message?.Id);
    }

    [Fact]
    public async Task P1_both_nodes_publish_at_full_speed_and_all_readers_see_one_order()
    {
        const int Count = 2_000;
        await using var first = _a.Connections.TryOpen(new() { Protocol = "test", Caller = ChannelCaller.Host })!;
        await using var second = _b.Connections.TryOpen(new() { Protocol = "test", Caller = ChannelCaller.Host })!;
        await first.SubscribeAsync("a").Within();
        await second.SubscribeAsync("a").Within();
        var reading = Task.WhenAll(Task.Run(() => first.ReadAsync(2 * Count)), Task.Run(() => second.ReadAsync(2 * Count)));

        var published = await Task.WhenAll(PublishAsync(_a, Count), PublishAsync(_b, Count)).Within();
        _time.Advance(TimeSpan.FromSeconds(1));

        var expected = published.SelectMany(ids => ids).Order().ToArray();
        Assert.All(await reading.Within(), seen => Assert.Equal(expected, seen.Select(delivery => delivery.Message!.Id)));
    }

    [Fact]
    public async Task Transient_messages_of_a_node_keep_their_place_among_those_of_the_other()
    {
        await using var connection = _b.Connections.TryOpen(new() { Protocol = "test", Caller = ChannelCaller.Host })!;
        await connection.SubscribeAsync("a").Within();
        var expected = new List<long>();
        for (var i = 0; i < 200; i++)
        {
            expected.Add((await _a.Channels.PublishAsync("a", new()).Within()).Id);
            expected.Add((await _b.Channels.PublishAsync("a", new() { Transient = true }).Within()).Id);
        }

        Assert.Equal(expected, (await connection.ReadAsync(400)).Select(delivery => delivery.Message!.Id));
    }

    [Fact]
    public async Task What_one_node_changed_is_decided_again_when_the_other_publishes()
    {
        var ann = ChannelCaller.User("ann");
        await _a.Channels.Catalog
            .CreateAsync(new() { Name = "stored", OtherPermission = ChannelPermission.Publish, ClientsMayPublish = true }).Within();
        Assert.Equal(PublishStatus.Published, (await _b.Channels.As(ann).TryPublishAsync("stored", new()).Within()).Status);

        await _a.Channels.Catalog.UpdateAsync("stored", c => c with { OtherPermission = ChannelPermission.Subscribe }).Within();

        Assert.Equal(PublishStatus.Forbidden, (await _b.Channels.As(ann).TryPublishAsync("stored", new()).Within()).Status);
        Assert.Equal(PublishStatus.Published, (await _b.Channels.TryPublishAsync("stored", new()).Within()).Status);
        await _a.Channels.Catalog.DeleteAsync("stored").Within();
        Assert.Equal(PublishStatus.NotFound, (await _b.Channels.TryPublishAsync("stored", new()).Within()).Status);
        var many = await _b.Channels.TryPublishManyAsync([new("a", new()), new("stored", new())]).Within();
        Assert.Equal([PublishStatus.NotAttempted, PublishStatus.NotFound], many.Select(result => result.Status));
    }

    [Fact]
    public async Task P2_what_was_removed_before_this_node_read_it_is_a_gap()
    {
        await using var connection = _b.Connections.TryOpen(new() { Protocol = "test", Caller = ChannelCaller.Host })!;
        var start = await connection.SubscribeAsync("few").Within();
        await connection.SubscribeAsync("a").Within();
        var poll = _b.Channels.PollAsync("few").AsTask();
        await _a.Channels.PublishAsync("few", new("1")).Within();
        var removed = await _a.Channels.PublishAsync("few", new("2")).Within();
        var kept = await _a.Channels.PublishAsync("few", new("3")).Within();
        var other = await _a.Channels.PublishAsync("a", new("4")).Within();

        _time.Advance(TimeSpan.FromSeconds(1));

        var seen = await connection.ReadAsync(3);
        Assert.Equal(new Delivery(DeliveryKind.Gap, "few", Gap: new(start.Position, removed.Cursor)), seen[0]);
        Assert.Equal([kept.Id, other.Id], seen.Skip(1).Select(delivery => delivery.Message!.Id));
        Assert.Equal((kept.Id, removed.Cursor), ((await poll.Within()).Message!.Id, (await poll).Gap?.Oldest));
    }

    [Fact]
    public async Task A_cursor_that_the_other_node_gave_is_no_gap()
    {
        await _b.Channels.PublishAsync("a", new()).Within();
        var message = await _a.Channels.PublishAsync("a", new()).Within();
        await using var connection = _b.Connections.TryOpen(new() { Protocol = "test", Caller = ChannelCaller.Host })!;

        var result = await connection.SubscribeAsync("a", SubscribeFrom.After(message.Cursor)).Within();

        Assert.Equal(message.Cursor, result.Position);
        Assert.True(connection.IsSilent());
    }

    [Fact]
    public async Task Engines_with_their_own_stores_do_not_see_each_other()
    {
        await using var other = Create(new MemoryStore(_time));
        await using var connection = other.Connections.TryOpen(new() { Protocol = "test", Caller = ChannelCaller.Host })!;
        await connection.SubscribeAsync("a", SubscribeFrom.Oldest).Within();

        await _a.Channels.PublishAsync("a", new()).Within();
        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.True(connection.IsSilent());
        Assert.Empty((await other.Channels.ReadHistoryAsync("a").Within()).Messages);
        Assert.Equal(0, _a.Connections.Count);
    }

    private static Task<List<long>> PublishAsync(ChannelsTestHost host, int count) => Task.Run(async () =>
    {
        var ids = new List<long>(count);
        for (var i = 0; i < count; i++)
        {
            ids.Add((await host.Channels.PublishAsync("a", new()).Within()).Id);
        }

        return ids;
    });

    private ChannelsTestHost Create(MemoryStore store) =>
        ChannelsTestHost.Create(c => c.UseMemoryStorage(store).AddChannel("a", a => a.Retain(count: 10_000)).AddChannel("few", f => f.Retain(count: 1)), time: _time);
}
