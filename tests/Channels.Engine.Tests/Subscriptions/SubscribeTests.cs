using Channels.Testing;
using Channels.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace Channels.Engine.Tests.Subscriptions;

public sealed class SubscribeTests : IAsyncLifetime
{
    private readonly ChannelsTestHost _host = ChannelsTestHost.Create(channels => channels
        .AddChannel("news", c => c.Others(ChannelPermission.Subscribe).Retain(count: 5))
        .AddChannel("{name}", c => c.Others(ChannelPermission.Subscribe)));

    public ValueTask InitializeAsync() => default;

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task P2_stored_messages_come_first_and_live_ones_follow_without_a_seam()
    {
        var expected = new List<long> { (await Publish("a", 1)).Id, (await Publish("a", 2)).Id };
        await using var reader = _host.Channels.SubscribeAsync("a", SubscribeFrom.Oldest).GetAsyncEnumerator();
        var seen = new List<long>();

        Assert.True(await reader.MoveNextAsync().Within());
        seen.Add(reader.Current.Id);
        for (var i = 3; i < 600; i++)
        {
            expected.Add((await Publish("a", i)).Id);
        }

        while (seen.Count < expected.Count)
        {
            Assert.True(await reader.MoveNextAsync().Within());
            seen.Add(reader.Current.Id);
        }

        Assert.Equal(expected, seen);
    }

    [Fact]
    public async Task A_reader_that_retention_overtook_is_told_of_the_gap()
    {
        await Publish("news", 0);
        await using var reader = _host.Channels.SubscribeAsync("news", SubscribeFrom.Oldest).GetAsyncEnumerator();
        Assert.True(await reader.MoveNextAsync().Within());
        var last = reader.Current.Cursor;
        for (var i = 1; i < 600; i++)
        {
            await Publish("news", i);
        }

        var gap = await Assert.ThrowsAsync<ChannelGapException>(() => reader.MoveNextAsync().Within());
        Assert.Equal(last, gap.Requested);

        await using var tolerant = _host.Channels.SubscribeAsync("news", SubscribeFrom.After(last).ContinueOverGaps()).GetAsyncEnumerator();
        Assert.True(await tolerant.MoveNextAsync().Within());
        Assert.Equal(gap.Oldest.Value + 1, tolerant.Current.Id);
    }

    [Fact]
    public async Task The_last_messages_come_oldest_first()
    {
        for (var i = 0; i < 4; i++)
        {
            await Publish("a", i);
        }

        await using var reader = _host.Channels.SubscribeAsync("a", SubscribeFrom.Last(2)).GetAsyncEnumerator();
        Assert.True(await reader.MoveNextAsync().Within());
        Assert.Equal("2", reader.Current.PayloadText());
        Assert.True(await reader.MoveNextAsync().Within());
        Assert.Equal("3", reader.Current.PayloadText());
    }

    [Fact]
    public async Task Deleting_the_channel_ends_its_subscriptions_and_polls()
    {
        await _host.Channels.Catalog.CreateAsync(new() { Name = "stored", OtherPermission = ChannelPermission.Subscribe }).Within();
        await using var reader = _host.Channels.As(ChannelCaller.User("ann")).SubscribeAsync("stored").GetAsyncEnumerator();
        var next = reader.MoveNextAsync().AsTask();
        var poll = _host.Channels.PollAsync("stored").AsTask();
        await ChannelsTestHost.EventuallyAsync(() => _host.Connections.Count == 1);
        await Publish("stored", 1);
        Assert.True(await next.Within());
        next = reader.MoveNextAsync().AsTask();
        Assert.Equal(PollOutcome.Message, (await poll.Within()).Outcome);
        poll = _host.Channels.PollAsync("stored").AsTask();

        Assert.Equal(CatalogStatus.Done, await _host.Channels.Catalog.DeleteAsync("stored").Within());

        Assert.Equal(AccessStatus.NotFound, (await Assert.ThrowsAsync<ChannelAccessException>(() => next.Within())).Status);
        Assert.Equal(PollOutcome.ChannelDeleted, (await poll.Within()).Outcome);
    }

    [Fact]
    public async Task P7_withdrawn_permission_ends_live_readers_before_anything_later()
    {
        await _host.Channels.Catalog.CreateAsync(new() { Name = "stored", OtherPermission = ChannelPermission.Subscribe }).Within();
        var ann = _host.Channels.As(ChannelCaller.User("ann"));
        await using var reader = ann.SubscribeAsync("stored").GetAsyncEnumerator();
        var next = reader.MoveNextAsync().AsTask();
        var poll = ann.PollAsync("stored").AsTask();
        await ChannelsTestHost.EventuallyAsync(() => _host.Connections.Count == 1);

        await _host.Channels.Catalog.UpdateAsync("stored", c => c with { OtherPermission = ChannelPermission.None }).Within();
        await Publish("stored", 1);

        Assert.Equal(AccessStatus.Forbidden, (await Assert.ThrowsAsync<ChannelAccessException>(() => next.Within())).Status);
        Assert.Equal(AccessStatus.Forbidden, (await poll.Within()).Access);
    }

    [Fact]
    public async Task A_subscription_ends_normally_when_the_host_drains()
    {
        await using var reader = _host.Channels.SubscribeAsync("a").GetAsyncEnumerator();
        var next = reader.MoveNextAsync().AsTask();

        await _host.Maintenance.DrainAsync().Within();

        Assert.False(await next.Within());
    }

    [Fact]
    public async Task P1_one_connection_merges_its_addresses_by_id()
    {
        await using var connection = _host.Connections.TryOpen(new() { Protocol = "test", Caller = ChannelCaller.User("ann") })!;
        for (var i = 0; i < 50; i++)
        {
            await Publish($"c{i % 5}", i);
        }

        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(AccessStatus.Allowed, (await connection.SubscribeAsync($"c{i}", SubscribeFrom.Oldest).Within()).Access);
        }

        var publishing = Task.Run(async () =>
        {
            for (var i = 50; i < 5_000; i++)
            {
                await Publish($"c{i % 5}", i);
            }
        });
        var seen = new List<int>();
        while (seen.Count < 5_000)
        {
            Assert.True(await connection.WaitToReadAsync().Within());
            while (connection.TryRead(out var delivery))
            {
                Assert.Equal(DeliveryKind.Message, delivery.Kind);
                seen.Add(int.Parse(delivery.Message!.PayloadText(), System.Globalization.CultureInfo.InvariantCulture));
            }
        }

        await publishing.Within();
        Assert.Equal(Enumerable.Range(0, 5_000), seen);
    }

    [Fact]
    public async Task A_pattern_attaches_every_matching_address_from_its_first_message()
    {
        await using var host = ChannelsTestHost.Create(c => c.AddChannel("chat/*", t => t.Others(ChannelPermission.Subscribe)).AddChannel("chat/secret"));
        await using var connection = host.Connections.TryOpen(new() { Protocol = "test", Caller = ChannelCaller.User("ann") })!;
        Assert.True(ChannelPattern.TryParse("chat/**", out var pattern));
        await connection.SubscribePatternAsync(pattern, "default").Within();

        foreach (var channel in new[] { "chat/a", "chat/secret", "chat/b", "chat/a" })
        {
            await host.Channels.PublishAsync(channel, new()).Within();
        }

        var seen = new List<string>();
        while (seen.Count < 3)
        {
            Assert.True(await connection.WaitToReadAsync().Within());
            while (connection.TryRead(out var delivery))
            {
                seen.Add(delivery.Address.Channel);
            }
        }

        Assert.Equal(["chat/a", "chat/b", "chat/a"], seen);
    }

    [Fact]
    public async Task The_excluded_connection_gets_everything_but_the_message()
    {
        await using var connection = _host.Connections.TryOpen(new() { Protocol = "test", Caller = ChannelCaller.Host })!;
        await connection.SubscribeAsync("a").Within();

        await _host.Channels.PublishAsync("a", new("1") { ExcludedConnection = connection.Id }).Within();
        await Publish("a", 2);

        Assert.True(await connection.WaitToReadAsync().Within());
        while (true)
        {
            if (connection.TryRead(out var delivery))
            {
                Assert.Equal("2", delivery.Message!.PayloadText());
                break;
            }

            Assert.True(await connection.WaitToReadAsync().Within());
        }
    }

    [Fact]
    public async Task P5_a_reader_that_lags_too_much_is_closed_and_the_others_are_not()
    {
        await using var slow = _host.Connections.TryOpen(new() { Protocol = "test", Caller = ChannelCaller.Host, MaxLagMessages = 10 })!;
        await using var fast = _host.Connections.TryOpen(new() { Protocol = "test", Caller = ChannelCaller.Host })!;
        await slow.SubscribeAsync("a").Within();
        await fast.SubscribeAsync("a").Within();

        for (var i = 0; i < 20; i++)
        {
            await Publish("a", i);
        }

        await ChannelsTestHost.EventuallyAsync(() => slow.End == ConnectionEnd.TooSlow);
        Assert.True(await fast.WaitToReadAsync().Within());
        Assert.True(fast.TryRead(out _));
        Assert.False(await slow.WaitToReadAsync().Within());
    }

    private Task<ChannelMessage> Publish(string channel, int number) => _host.Channels.PublishAsync(channel, new($"{number}")).Within();
}
