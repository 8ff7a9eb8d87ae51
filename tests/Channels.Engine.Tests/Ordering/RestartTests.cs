using Channels.Storage.Memory;
using Channels.Testing;
using Channels.TestSupport;
using Channels.TestSupport.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Channels.Engine.Tests.Ordering;

public sealed class RestartTests
{
    [Fact]
    public async Task P3_ids_go_on_ascending_and_an_old_cursor_is_told_as_a_gap()
    {
        var time = new ManualTimeProvider();
        ChannelMessage last;
        await using (var before = Create(time))
        {
            await before.Channels.PublishAsync("a", new("1")).Within();
            last = await before.Channels.PublishAsync("a", new("2")).Within();
        }

        time.Advance(TimeSpan.FromMinutes(1));
        await using var after = Create(time);
        var first = await after.Channels.PublishAsync("a", new("3")).Within();
        Assert.True(first.Id > last.Id);

        var poll = await after.Channels.PollAsync("a", last.Cursor).Within();
        Assert.Equal(first.Id, poll.Message!.Id);
        Assert.Equal(last.Cursor, poll.Gap!.Value.Requested);
        Assert.True(poll.Gap!.Value.Oldest < first.Cursor);

        await using var reader = after.Channels.SubscribeAsync("a", SubscribeFrom.After(last.Cursor)).GetAsyncEnumerator();
        var gap = await Assert.ThrowsAsync<ChannelGapException>(() => reader.MoveNextAsync().Within());
        Assert.Equal(last.Cursor, gap.Requested);
        await using var tolerant = after.Channels.SubscribeAsync("a", SubscribeFrom.After(last.Cursor).ContinueOverGaps()).GetAsyncEnumerator();
        Assert.True(await tolerant.MoveNextAsync().Within());
        Assert.Equal(first.Id, tolerant.Current.Id);
    }

    [Fact]
    public async Task P3_ids_and_times_do_not_fall_when_the_clock_is_set_back()
    {
        await using var host = Create(new ManualTimeProvider());
        var first = await host.Channels.PublishAsync("a", new()).Within();
        host.Time.SetUtcNow(host.Time.GetUtcNow() - TimeSpan.FromHours(1));

        var second = await host.Channels.PublishAsync("a", new()).Within();

        Assert.True(second.Id > first.Id);
        Assert.True(second.CreatedAt >= first.CreatedAt);
    }

    [Fact]
    public async Task A_start_in_time_is_no_gap_while_an_append_is_still_to_be_handed_on()
    {
        var time = new ManualTimeProvider();
        var store = new ScriptedStore(new MemoryStore(time));
        await using var host = ChannelsTestHost.Create(c => c.UseScriptedStorage(store).AddChannel("a"), time: time);
        await host.Channels.PublishAsync("a", new("1")).Within();
        var point = new SyncPoint();
        store.OnAppend = async (_, commit) =>
        {
            var result = await commit();
            await point.PassAsync();
            return result;
        };
        var publishing = host.Channels.PublishAsync("a", new("2")).AsTask();
        await point.Reached;

        await using var connection = host.Connections.TryOpen(new() { Protocol = "test", Caller = ChannelCaller.Host })!;
        await connection.SubscribeAsync("a", SubscribeFrom.Since(time.GetUtcNow())).Within();
        store.OnAppend = null;
        point.Release();
        await publishing.Within();
        var third = await host.Channels.PublishAsync("a", new("3")).Within();

        var delivery = Assert.Single(await connection.ReadAsync(1));
        Assert.Equal(third.Id, delivery.Message?.Id);
    }

    [Fact]
    public async Task The_oldest_message_is_no_gap_whatever_was_removed_before_it()
    {
        await using var host = ChannelsTestHost.Create(c => c.AddChannel("a", a => a.Retain(count: 2)));
        for (var i = 0; i < 5; i++)
        {
            await host.Channels.PublishAsync("a", new($"{i}")).Within();
        }

        await using var reader = host.Channels.SubscribeAsync("a", SubscribeFrom.Oldest).GetAsyncEnumerator();

        Assert.True(await reader.MoveNextAsync().Within());
        Assert.Equal("3", reader.Current.PayloadText());
    }

    private static ChannelsTestHost Create(TimeProvider time) => ChannelsTestHost.Create(c => c.AddChannel("a"), time: time);
}
