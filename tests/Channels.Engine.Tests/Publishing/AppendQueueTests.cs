using Channels.Engine.Tests.Support;
using Channels.Storage.Memory;
using Channels.Testing;
using Channels.TestSupport;
using Channels.TestSupport.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Channels.Engine.Tests.Publishing;

/// <summary>Commits that take their time, fail, or come between those of another node.</summary>
public sealed class AppendQueueTests : IAsyncLifetime
{
    private readonly ManualTimeProvider _time = new();
    private readonly Metrics _metrics = new();
    private readonly ScriptedStore _store;
    private readonly ChannelsTestHost _host;
    private readonly SyncPoint _point = new();

    public AppendQueueTests()
    {
        _store = new(new MemoryStore(_time));
        _host = ChannelsTestHost.Create(
            c =>
            {
                _metrics.AddTo(c.UseScriptedStorage(_store).AddChannel("a").AddChannel("b"));
            },
            o => (o.MaxAppendQueueBytes, o.MaxAppendBatch) = (64 * 1024, 20),
            _time);
    }

    public ValueTask InitializeAsync() => default;

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _metrics.Dispose();
    }

    [Fact]
    public async Task P10_who_comes_while_a_commit_runs_shares_the_next_ones_which_are_bounded()
    {
        var first = await HoldNextAsync();
        var others = Enumerable.Range(0, 50).Select(i => PublishAsync($"{i}")).ToArray();
        _point.Release();

        var results = await Task.WhenAll(others).Within();
        Assert.All(results, result => Assert.Equal(PublishStatus.Published, result.Status));
        Assert.Equal(results.Select(result => result.Message!.Id).Order(), results.Select(result => result.Message!.Id));
        Assert.True((await first.Within()).Message!.Id < results[0].Message!.Id);
        Assert.Equal([1, 20, 20, 10], _store.Batches);
        Assert.Equal(51, _metrics["channels.append.batch_size"]);
        Assert.Equal(4, _metrics["channels.append.batch_size.count"]);
    }

    [Fact]
    public async Task A_bad_entry_leaves_its_neighbours_alone()
    {
        await _host.Channels.PublishAsync("a", new("1") { IdempotencyKey = "k" }).Within();
        await _host.Channels.Catalog.CreateAsync(new() { Name = "b" }).Within();
        await _host.Channels.PublishAsync("b", new()).Within();
        var first = await HoldNextAsync();
        var before = PublishAsync("1");
        var duplicate = _host.Channels.TryPublishAsync("a", new("1") { IdempotencyKey = "k" }).AsTask();
        var conflict = _host.Channels.TryPublishAsync("a", new("2") { IdempotencyKey = "k" }).AsTask();
        var stale = _host.Channels.TryPublishAsync("b", new()).AsTask();
        var after = PublishAsync("2");
        await _store.Inner.UpdateAsync((await _store.Inner.GetAsync("default", "b", default))!, default).Within();
        _point.Release();

        var results = await Task.WhenAll(first, before, duplicate, conflict, stale, after).Within();

        Assert.Equal(
            [PublishStatus.Published, PublishStatus.Published, PublishStatus.Duplicate, PublishStatus.KeyConflict, PublishStatus.Published, PublishStatus.Published],
            results.Select(result => result.Status));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_failed_commit_is_told_as_unknown_and_what_it_stored_is_read_once(bool commits)
    {
        await using var connection = _host.Connections.TryOpen(new() { Protocol = "test", Caller = ChannelCaller.Host })!;
        await connection.SubscribeAsync("a").Within();
        var first = await PublishAsync("1");
        _store.OnAppend = async (_, commit) =>
        {
            if (commits)
            {
                await commit();
            }

            throw new ChannelStoreException("broken");
        };
        var failed = await _host.Channels.TryPublishAsync("a", new("2") { IdempotencyKey = "k" }).Within();
        _store.OnAppend = null;
        var again = await _host.Channels.TryPublishAsync("a", new("2") { IdempotencyKey = "k" }).Within();
        var last = await PublishAsync("3");

        Assert.Equal(PublishStatus.OutcomeUnknown, failed.Status);
        Assert.Equal(commits ? PublishStatus.Duplicate : PublishStatus.Published, again.Status);
        var seen = await connection.ReadAsync(3);
        Assert.Equal([first.Message!.Id, again.Message!.Id, last.Message!.Id], seen.Select(delivery => delivery.Message!.Id));
        Assert.True(connection.IsSilent());
        Assert.Equal(1, _metrics["channels.store.errors", "append"]);
    }

    [Fact]
    public async Task Everybody_in_a_failed_batch_is_told_and_the_next_batch_goes_on()
    {
        var first = await HoldNextAsync();
        var waiting = Enumerable.Range(0, 10).Select(i => PublishAsync($"{i}")).ToArray();
        _store.OnAppend = (_, _) => throw new IOException("not one of ours");
        _point.Release();

        Assert.All(await Task.WhenAll(waiting).Within(), result => Assert.Equal(PublishStatus.OutcomeUnknown, result.Status));
        Assert.Equal(PublishStatus.Published, (await first.Within()).Status);
        _store.OnAppend = null;
        Assert.Equal(PublishStatus.Published, (await PublishAsync("1")).Status);
        await Assert.ThrowsAsync<ChannelPublishException>(async () =>
        {
            _store.OnAppend = (_, _) => throw new IOException("not one of ours");
            await _host.Channels.PublishAsync("a", new()).Within();
        });
    }

    [Fact]
    public async Task Appends_of_another_node_in_between_are_handed_on_in_their_places()
    {
        await using var connection = _host.Connections.TryOpen(new() { Protocol = "test", Caller = ChannelCaller.Host })!;
        await connection.SubscribeAsync("a").Within();
        var turn = 0;
        _store.OnAppend = async (_, commit) =>
        {
            if (turn++ % 2 == 0)
            {
                await _store.Inner.AppendAsync("default", [new TestEntry("a", "\"other\"").Build(_time.GetUtcNow())], default);
            }

            return await commit();
        };
        for (var i = 0; i < 100; i++)
        {
            await PublishAsync($"{i}");
        }

        var ids = (await connection.ReadAsync(150)).ConvertAll(delivery => delivery.Message!.Id);
        Assert.Equal(ids.Order().Distinct(), ids);
    }

    [Fact]
    public async Task P2_a_transient_message_is_not_lost_when_the_log_is_looked_at_before_it_is_handed_on()
    {
        await using var connection = _host.Connections.TryOpen(new() { Protocol = "test", Caller = ChannelCaller.Host })!;
        await connection.SubscribeAsync("a").Within();
        await PublishAsync("0");
        _store.OnAppend = async (_, commit) =>
        {
            var result = await commit();
            await _point.PassAsync();
            return result;
        };
        var read = new SyncPoint();
        _store.AfterRead = operation => operation == nameof(IMessageStore.ReadInstanceAfterAsync) ? read.PassAsync() : Task.CompletedTask;
        var publishing = _host.Channels.TryPublishAsync("a", new("1") { Transient = true }).AsTask();
        await _point.Reached;
        _time.Advance(TimeSpan.FromSeconds(1));
        await read.Reached;
        read.Release();
        _store.OnAppend = null;
        _point.Release();
        await publishing.Within();
        await PublishAsync("2");

        Assert.Equal(["0", "1", "2"], (await connection.ReadAsync(3)).Select(delivery => delivery.Message!.PayloadText()));
    }

    [Fact]
    public async Task A_reading_of_the_log_that_fails_with_anything_is_tried_again()
    {
        await using var connection = _host.Connections.TryOpen(new() { Protocol = "test", Caller = ChannelCaller.Host })!;
        await connection.SubscribeAsync("a").Within();
        await PublishAsync("0");
        _store.BeforeRead = _ => throw new InvalidOperationException("broken");
        await _store.Inner.AppendAsync("default", [new TestEntry("a", "1").Build(_time.GetUtcNow())], default).Within();
        await PublishAsync("2");
        await ChannelsTestHost.EventuallyAsync(() => _metrics["channels.store.errors", "catch_up"] > 0);
        _store.BeforeRead = null;

        var reading = connection.ReadAsync(3);
        while (!reading.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Equal(["0", "1", "2"], (await reading).Select(delivery => delivery.Message!.PayloadText()));
    }

    [Fact]
    public async Task P10_beyond_what_may_wait_publishing_is_refused_and_counted()
    {
        var first = await HoldNextAsync();
        var text = $"\"{new string('x', 30_000)}\"";
        var fits = new[] { PublishAsync(text), PublishAsync(text) };

        Assert.Equal(PublishStatus.Overloaded, (await PublishAsync(text)).Status);
        Assert.Equal(1, _metrics.LimitReached("append_queue"));
        _point.Release();

        Assert.All(await Task.WhenAll([first, .. fits]).Within(), result => Assert.Equal(PublishStatus.Published, result.Status));
        Assert.Equal(PublishStatus.Published, (await PublishAsync(text)).Status);
    }

    [Fact]
    public async Task What_is_deleted_before_it_was_handed_on_is_not_in_the_next_channel_of_the_name()
    {
        await _host.Channels.Catalog.CreateAsync(new() { Name = "stored" }).Within();
        var start = await _host.Channels.PublishAsync("stored", new("0")).Within();
        var parked = _host.Channels.PollAsync("stored").AsTask();
        _store.OnAppend = async (_, commit) =>
        {
            var result = await commit();
            await _point.PassAsync();
            return result;
        };
        var publishing = _host.Channels.TryPublishAsync("stored", new("\"old\"")).AsTask();
        await _point.Reached;
        await _host.Channels.Catalog.DeleteAsync("stored").Within();
        await _host.Channels.Catalog.CreateAsync(new() { Name = "stored" }).Within();
        await using var connection = _host.Connections.TryOpen(new() { Protocol = "test", Caller = ChannelCaller.Host })!;
        await connection.SubscribeAsync("stored", SubscribeFrom.After(start.Cursor)).Within();
        _store.OnAppend = null;
        _point.Release();
        await publishing.Within();
        await _host.Channels.PublishAsync("stored", new("\"new\"")).Within();

        Assert.Equal(PollOutcome.ChannelDeleted, (await parked.Within()).Outcome);
        Assert.Equal([DeliveryKind.Gap, DeliveryKind.Message], (await connection.ReadAsync(2)).Select(delivery => delivery.Kind));
        Assert.Equal("\"new\"", (await _host.Channels.PollAsync("stored", start.Cursor).Within()).Message!.PayloadText());
        Assert.True(connection.IsSilent());
    }

    private async Task<PublishResult> PublishAsync(string payload) => await _host.Channels.TryPublishAsync("a", new(payload)).Within();

    /// <summary>Publishes one message whose commit waits for <see cref="_point"/>.</summary>
    private async Task<Task<PublishResult>> HoldNextAsync()
    {
        await _host.Channels.ReadHistoryAsync("a").Within();
        _store.Batches.Clear();
        _store.OnAppend = async (_, commit) =>
        {
            await _point.PassAsync();
            return await commit();
        };
        var publishing = PublishAsync("\"first\"");
        await _point.Reached;
        _store.OnAppend = null;
        return publishing;
    }
}
