using Channels.Testing;
using Channels.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace Channels.Engine.Tests.Polling;

/// <summary>Polls over several addresses.</summary>
public sealed class PollManyTests : IAsyncLifetime
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ChannelsTestHost _host = ChannelsTestHost.Create(
        c => c.AddChannel("open-{name}", a => a.Others(ChannelPermission.Subscribe)).AddChannel("closed"),
        o =>
        {
            o.TailMessages = 4;
            o.MaxPollsPerAddress = 3;
            o.MaxSubscriptions = 50;
        });

    public ValueTask InitializeAsync() => default;

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Waits_on_all_addresses_and_is_answered_by_the_first_message_of_any(int woken)
    {
        var poll = Poll(["open-0", "open-1", "open-2"], SubscribeFrom.Now);
        Assert.False(poll.IsCompleted);
        await PublishAsync("closed");
        Assert.False(poll.IsCompleted);

        var message = await PublishAsync($"open-{woken}");

        var batch = await poll.Within();
        Assert.Equal(PollOutcome.Message, batch.Outcome);
        Assert.Equal([message.Id], batch.Messages.Select(found => found.Id));
        Assert.Equal(new MessagePosition(message.Cursor, message.CreatedAt), batch.Position);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(40)]
    public async Task Returns_everything_that_was_missed_merged_by_id(int count)
    {
        var first = await PublishAsync("open-0");
        var expected = new List<long>();
        for (var i = 0; i < count; i++)
        {
            expected.Add((await PublishAsync($"open-{i % 3}")).Id);
        }

        var batch = await Poll(["open-2", "open-0", "open-1"], SubscribeFrom.After(first.Cursor)).Within();

        Assert.Equal(expected, batch.Messages.Select(message => message.Id));
        Assert.Equal(expected[^1], batch.Position.Cursor.Value);
    }

    [Fact]
    public async Task Each_address_has_a_start_of_its_own()
    {
        var ids = new List<long>();
        for (var i = 0; i < 6; i++)
        {
            ids.Add((await PublishAsync($"open-{i % 2}")).Id);
        }

        var batch = await _host.Channels.PollManyAsync(
            [new("open-0", SubscribeFrom.Last(2)), new("open-1", SubscribeFrom.After(ids[3])), new("open-2", SubscribeFrom.Now)]).Within();

        Assert.Equal([ids[2], ids[4], ids[5]], batch.Messages.Select(message => message.Id));
    }

    [Fact]
    public async Task An_answer_is_bounded_by_count_and_bytes_and_goes_on_from_its_position()
    {
        var ids = new List<long>();
        for (var i = 0; i < 10; i++)
        {
            ids.Add((await PublishAsync($"open-{i % 2}", "\"0123456789\"")).Id);
        }

        var read = new List<long>();
        var cursor = new MessageCursor(ids[0] - 1);
        foreach (var options in new PollManyOptions[] { new() { MaxMessages = 3 }, new() { MaxBytes = 25 }, new() { MaxBytes = 1 }, new() })
        {
            var batch = await _host.Channels
                .PollManyAsync([new("open-0", SubscribeFrom.After(cursor)), new("open-1", SubscribeFrom.After(cursor))], options).Within();
            read.AddRange(batch.Messages.Select(message => message.Id));
            cursor = batch.Position.Cursor;
        }

        Assert.Equal(ids, read);
    }

    [Fact]
    public async Task Without_a_window_it_answers_at_once_with_where_the_order_stands()
    {
        var last = await PublishAsync("closed");

        var batch = await _host.Channels.PollManyAsync([new("open-0", SubscribeFrom.Now)], new() { Window = TimeSpan.Zero }).Within();

        Assert.Equal(PollOutcome.WindowClosed, batch.Outcome);
        Assert.Equal(new MessagePosition(last.Cursor, last.CreatedAt), batch.Position);
    }

    [Fact]
    public async Task From_the_position_of_a_closed_window_nothing_is_missing()
    {
        await PublishAsync("closed");
        var poll = Poll(["open-0", "open-1"], SubscribeFrom.Now, Second);
        _host.Time.Advance(Second);
        var closed = await poll.Within();
        Assert.Equal(PollOutcome.WindowClosed, closed.Outcome);

        var message = await PublishAsync("open-1");
        var batch = await Poll(["open-0", "open-1"], SubscribeFrom.After(closed.Position.Cursor)).Within();

        Assert.Equal([message.Id], batch.Messages.Select(found => found.Id));
    }

    [Fact]
    public async Task Leaves_out_what_the_caller_may_not_read_and_is_refused_when_nothing_is_left()
    {
        var channels = _host.Channels.As(ChannelCaller.User("ann"));
        await PublishAsync("closed");
        var both = channels.PollManyAsync([new("closed", SubscribeFrom.Oldest), new("open-0", SubscribeFrom.Oldest), new("unknown", default)]).AsTask();
        await PublishAsync("closed");
        Assert.False(both.IsCompleted);
        var message = await PublishAsync("open-0");
        Assert.Equal([message.Id], (await both.Within()).Messages.Select(found => found.Id));

        var none = await channels.PollManyAsync([new("unknown", default), new("closed", default)]).Within();
        Assert.Equal((PollOutcome.Refused, AccessStatus.Forbidden), (none.Outcome, none.Access));
    }

    [Fact]
    public async Task A_deleted_or_withdrawn_address_ends_it_and_is_named()
    {
        await _host.Channels.Catalog.CreateAsync(new() { Name = "stored", OtherPermission = ChannelPermission.Subscribe }).Within();
        var channels = _host.Channels.As(ChannelCaller.User("ann"));
        PollTarget[] targets = [new("open-0", default), new("stored", default)];
        var deleted = channels.PollManyAsync(targets).AsTask();
        await _host.Channels.Catalog.DeleteAsync("stored").Within();
        Assert.Equal((PollOutcome.ChannelDeleted, "stored"), ((await deleted.Within()).Outcome, (await deleted).Address?.Channel));

        await _host.Channels.Catalog.CreateAsync(new() { Name = "stored", OtherPermission = ChannelPermission.Subscribe }).Within();
        var withdrawn = channels.PollManyAsync(targets).AsTask();
        await _host.Channels.Catalog.UpdateAsync("stored", c => c with { OtherPermission = ChannelPermission.None }).Within();
        Assert.Equal((PollOutcome.Refused, AccessStatus.Forbidden), ((await withdrawn.Within()).Outcome, (await withdrawn).Access));
        Assert.Equal("stored", (await withdrawn).Address?.Channel);
    }

    [Fact]
    public async Task Polls_that_have_ended_make_room_for_others()
    {
        for (var round = 0; round < 20; round++)
        {
            using var leaving = new CancellationTokenSource();
            var polls = Enumerable.Range(0, 3)
                .Select(_ => _host.Channels.PollManyAsync([new("open-0", default), new("open-1", default)], null, leaving.Token).AsTask()).ToArray();
            Assert.All(polls, poll => Assert.False(poll.IsCompleted));
            var refused = await Poll(["open-1"], SubscribeFrom.Now).Within();
            Assert.Equal((PollOutcome.Refused, AccessStatus.LimitReached), (refused.Outcome, refused.Access));
            await leaving.CancelAsync();
            foreach (var poll in polls)
            {
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => poll.Within());
            }
        }
    }

    [Fact]
    public async Task Takes_as_many_addresses_as_a_connection_and_not_one_more()
    {
        Assert.False(Poll([.. Enumerable.Range(0, 50).Select(i => $"open-{i}")], SubscribeFrom.Now).IsCompleted);
        var refused = await Poll([.. Enumerable.Range(0, 51).Select(i => $"open-{i}")], SubscribeFrom.Now).Within();
        Assert.Equal((PollOutcome.Refused, AccessStatus.LimitReached), (refused.Outcome, refused.Access));
        await Assert.ThrowsAsync<ArgumentException>(() => Poll([], SubscribeFrom.Now));
    }

    [Fact]
    public async Task A_draining_host_answers_it()
    {
        var poll = Poll(["open-0", "open-1"], SubscribeFrom.Now);
        await _host.Maintenance.DrainAsync().Within();
        Assert.Equal(PollOutcome.Draining, (await poll.Within()).Outcome);
        Assert.Equal(PollOutcome.Draining, (await Poll(["open-0"], SubscribeFrom.Now).Within()).Outcome);
    }

    [Fact]
    public async Task P2_every_poller_gets_every_message_of_its_addresses_once_and_in_order()
    {
        const int Messages = 2000;
        const int Channels = 12;
        await using var host = ChannelsTestHost.Create(c => c.AddChannel("c-{n}"), o =>
        {
            o.TailMessages = 4;
            o.RetainCount = Messages;
        });
        var start = (await host.Channels.PublishAsync("c-0", new()).Within()).Cursor;
        var pollers = Enumerable.Range(0, 16).Select(seed => Task.Run(() => FollowAsync(host, seed, Channels, start))).ToArray();
        var random = new Random(1);
        var published = new List<ChannelMessage>();
        for (var i = 0; i < Messages; i++)
        {
            published.Add(await host.Channels.PublishAsync($"c-{random.Next(Channels)}", new()).Within());
        }

        for (var channel = 0; channel < Channels; channel++)
        {
            published.Add(await host.Channels.PublishAsync($"c-{channel}", new("\"end\"")).Within());
        }

        foreach (var (names, ids) in await Task.WhenAll(pollers).Within(TimeSpan.FromSeconds(60)))
        {
            Assert.Equal(published.Where(message => names.Contains(message.Address.Channel)).Select(message => message.Id), ids);
        }
    }

    private static async Task<(HashSet<string> Names, List<long> Ids)> FollowAsync(ChannelsTestHost host, int seed, int channels, MessageCursor cursor)
    {
        var random = new Random(seed);
        var names = Enumerable.Range(0, channels).Where(_ => random.Next(2) == 0).Append(0).Select(n => $"c-{n}").ToHashSet();
        var ids = new List<long>();
        var ends = 0;
        while (ends < names.Count)
        {
            var from = SubscribeFrom.After(cursor);
            var batch = await host.Channels.PollManyAsync([.. names.Select(name => new PollTarget(name, from))], new() { MaxMessages = random.Next(1, 50) })
                .Within(TimeSpan.FromSeconds(30));
            Assert.Equal(PollOutcome.Message, batch.Outcome);
            ids.AddRange(batch.Messages.Select(message => message.Id));
            ends += batch.Messages.Count(message => message.Payload.Span[0] == '"');
            cursor = batch.Position.Cursor;
        }

        return (names, ids);
    }

    private Task<PollBatch> Poll(string[] names, SubscribeFrom from, TimeSpan? window = null) =>
        _host.Channels.PollManyAsync([.. names.Select(name => new PollTarget(name, from))], new() { Window = window }).AsTask();

    private async Task<ChannelMessage> PublishAsync(string name, string payload = "{}") => await _host.Channels.PublishAsync(name, new(payload)).Within();
}
