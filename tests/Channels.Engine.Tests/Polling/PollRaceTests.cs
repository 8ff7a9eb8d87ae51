using Channels.Storage.Memory;
using Channels.Testing;
using Channels.TestSupport;
using Channels.TestSupport.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Channels.Engine.Tests.Polling;

/// <summary>What may happen to a poll between its parts.</summary>
public sealed class PollRaceTests : IAsyncLifetime
{
    private readonly ManualTimeProvider _time = new();
    private readonly ScriptedStore _store;
    private readonly ChannelsTestHost _host;
    private readonly SyncPoint _point = new();

    public PollRaceTests()
    {
        _store = new(new MemoryStore(_time));
        _host = ChannelsTestHost.Create(
            c => c.UseScriptedStorage(_store).AddChannel("a", a => a.Others(ChannelPermission.Subscribe)).AddChannel("b"),
            o => o.TailMessages = 4,
            _time);
    }

    public ValueTask InitializeAsync() => default;

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task P9_a_poll_that_is_being_authorized_while_the_host_drains_is_answered()
    {
        await _host.Channels.PublishAsync("b", new()).Within();
        HoldBefore(nameof(IChannelStore.GetAsync));
        var poll = _host.Channels.PollAsync("a").AsTask();
        await _point.Reached;

        await _host.Maintenance.DrainAsync().Within();
        _point.Release();

        Assert.Equal(PollOutcome.Draining, (await poll.Within()).Outcome);
    }

    [Fact]
    public async Task P7_a_poll_that_reads_the_store_while_permission_is_withdrawn_gets_nothing()
    {
        await _host.Channels.Catalog.CreateAsync(new() { Name = "stored", OtherPermission = ChannelPermission.Subscribe }).Within();
        HoldBefore(nameof(IMessageStore.ReadAfterAsync));
        var poll = _host.Channels.As(ChannelCaller.User("ann")).PollAsync("stored", MessageCursor.Beginning).AsTask();
        await _point.Reached;

        await _host.Channels.Catalog.UpdateAsync("stored", c => c with { OtherPermission = ChannelPermission.None }).Within();
        await _host.Channels.PublishAsync("stored", new()).Within();
        _point.Release();

        Assert.Equal((PollOutcome.Refused, AccessStatus.Forbidden, null), await EndOf(poll));
    }

    [Fact]
    public async Task P7_a_poll_that_reads_the_store_while_the_channel_is_deleted_is_told()
    {
        await _host.Channels.Catalog.CreateAsync(new() { Name = "stored", OtherPermission = ChannelPermission.Subscribe }).Within();
        HoldBefore(nameof(IMessageStore.ReadAfterAsync));
        var poll = _host.Channels.As(ChannelCaller.User("ann")).PollAsync("stored", MessageCursor.Beginning).AsTask();
        await _point.Reached;

        await _host.Channels.Catalog.DeleteAsync("stored").Within();
        _point.Release();

        Assert.Equal((PollOutcome.ChannelDeleted, AccessStatus.Allowed, null), await EndOf(poll));
    }

    [Fact]
    public async Task A_change_of_another_channel_does_not_disturb_a_poll()
    {
        var poll = _host.Channels.PollAsync("a").AsTask();
        await _host.Channels.Catalog.CreateAsync(new() { Name = "other" }).Within();

        var message = await _host.Channels.PublishAsync("a", new()).Within();

        Assert.Equal(message, (await poll.Within()).Message);
    }

    [Fact]
    public async Task A_poll_whose_address_is_forgotten_on_its_way_is_still_woken()
    {
        await _host.Channels.PublishAsync("b", new()).Within();
        _store.AfterRead = name => name == nameof(IMessageStore.ReadAfterAsync) ? _point.PassAsync() : Task.CompletedTask;
        var poll = _host.Channels.PollAsync("a", MessageCursor.Beginning).AsTask();
        await _point.Reached;
        for (var i = 0; i < 70; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        _point.Release();
        var message = await _host.Channels.PublishAsync("a", new("1")).Within();

        Assert.Equal(message.Id, (await poll.Within()).Message!.Id);
    }

    [Fact]
    public async Task A_poll_that_the_store_fails_while_it_waits_fails_and_does_not_hang()
    {
        var poll = _host.Channels.PollAsync("a", new MessageCursor((await _host.Channels.PublishAsync("a", new()).Within()).Id + 1)).AsTask();
        _store.BeforeRead = operation => operation == nameof(IMessageStore.ReadAfterAsync)
            ? throw new InvalidOperationException("broken") : Task.CompletedTask;

        // Beyond the tail, so that the woken poll has to read the store.
        await _host.Channels.TryPublishManyAsync([.. Enumerable.Range(0, 9).Select(i => new AddressedDraft("a", new($"{i}")))]).Within();

        try
        {
            Assert.Equal(PollOutcome.Message, (await poll.Within()).Outcome);
        }
        catch (InvalidOperationException exception)
        {
            Assert.Equal("broken", exception.Message);
        }
    }

    [Fact]
    public async Task Polls_are_woken_by_a_burst_longer_than_the_tail_with_the_first_message_they_miss()
    {
        for (var round = 0; round < 20; round++)
        {
            var last = await _host.Channels.PublishAsync("a", new()).Within();
            var polls = Enumerable.Range(0, 300).Select(_ => _host.Channels.PollAsync("a", last.Cursor).AsTask()).ToArray();

            var burst = await _host.Channels
                .TryPublishManyAsync([.. Enumerable.Range(0, 50).Select(i => new AddressedDraft("a", new($"{i}")))]).Within();

            Assert.All(await Task.WhenAll(polls).Within(), result => Assert.Equal(burst[0].Message!.Id, result.Message!.Id));
        }
    }

    [Fact]
    public async Task An_expired_message_is_told_as_a_gap_whether_it_is_in_memory_or_not()
    {
        await using var host = ChannelsTestHost.Create(c => c.AddChannel("a", a => a.Retain(TimeSpan.FromSeconds(10))));
        var start = await host.Channels.PublishAsync("a", new("0")).Within();
        var parked = host.Channels.PollAsync("a", start.Cursor).AsTask();
        var expiring = await host.Channels.PublishAsync("a", new("1")).Within();
        await parked.Within();
        host.Time.Advance(TimeSpan.FromSeconds(10));
        var alive = await host.Channels.PublishAsync("a", new("2")).Within();

        var result = await host.Channels.PollAsync("a", start.Cursor).Within();

        Assert.Equal(alive.Id, result.Message!.Id);
        Assert.Equal(new MessageGap(start.Cursor, expiring.Cursor), result.Gap);
    }

    [Fact]
    public async Task Overlapping_polls_of_one_client_each_get_the_message()
    {
        var first = _host.Channels.PollAsync("a").AsTask();
        var second = _host.Channels.PollAsync("a").AsTask();
        using var leaving = new CancellationTokenSource();
        var third = _host.Channels.PollAsync("a", cancellationToken: leaving.Token).AsTask();
        await leaving.CancelAsync();

        var message = await _host.Channels.PublishAsync("a", new()).Within();

        Assert.Equal(message, (await first.Within()).Message);
        Assert.Equal(message, (await second.Within()).Message);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => third.Within());
    }

    private static async Task<(PollOutcome Outcome, AccessStatus Access, ChannelMessage? Message)> EndOf(Task<PollResult> poll)
    {
        var result = await poll.Within();
        return (result.Outcome, result.Access, result.Message);
    }

    private void HoldBefore(string operation) => _store.BeforeRead = name => name == operation ? _point.PassAsync() : Task.CompletedTask;
}
