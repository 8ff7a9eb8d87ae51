using Channels.Testing;
using Channels.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace Channels.Engine.Tests.Polling;

public sealed class PollTests : IAsyncLifetime
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    private readonly ChannelsTestHost _host = ChannelsTestHost.Create(channels => channels
        .AddChannel("inbox:{user}", c => c.Allow(ChannelOperations.Read, r => r["user"] == r.Caller.UserId))
        .AddChannel("news", c => c.Others(ChannelPermission.Subscribe).Retain(count: 5)));

    public ValueTask InitializeAsync() => default;

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_poll_waits_for_its_whole_window_and_no_longer()
    {
        var poll = _host.Channels.As(ChannelCaller.User("ann")).PollAsync("inbox:ann", window: Window).AsTask();

        _host.Time.Advance(Window - TimeSpan.FromMilliseconds(1));
        Assert.False(poll.IsCompleted);
        _host.Time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(PollOutcome.WindowClosed, (await poll.Within()).Outcome);
    }

    [Fact]
    public async Task All_waiting_polls_get_the_same_message()
    {
        var polls = Enumerable.Range(0, 200).Select(_ => _host.Channels.PollAsync("news").AsTask()).ToArray();

        var message = await _host.Channels.PublishAsync("news", new("1")).Within();

        Assert.All(await Task.WhenAll(polls).Within(), result => Assert.Same(message, result.Message));
    }

    [Fact]
    public async Task A_poll_with_a_cursor_gets_every_message_one_after_the_other()
    {
        var first = await _host.Channels.PublishAsync("news", new("1")).Within();
        var second = await _host.Channels.PublishAsync("news", new("2")).Within();

        Assert.Equal(first.Id, (await _host.Channels.PollAsync("news", MessageCursor.Beginning).Within()).Message!.Id);
        Assert.Equal(second.Id, (await _host.Channels.PollAsync("news", first.Cursor).Within()).Message!.Id);
        var third = _host.Channels.PollAsync("news", second.Cursor).AsTask();
        Assert.False(third.IsCompleted);
        var last = await _host.Channels.PublishAsync("news", new("3")).Within();
        Assert.Equal(last.Id, (await third.Within()).Message!.Id);
    }

    [Fact]
    public async Task A_poll_without_a_cursor_never_gets_an_old_message()
    {
        await _host.Channels.PublishAsync("news", new("1")).Within();

        var poll = _host.Channels.PollAsync("news", window: Window).AsTask();
        Assert.False(poll.IsCompleted);
        var next = await _host.Channels.PublishAsync("news", new("2")).Within();

        Assert.Equal(next.Id, (await poll.Within()).Message!.Id);
    }

    [Fact]
    public async Task A_cursor_ahead_of_the_head_waits_for_a_greater_id()
    {
        var head = await _host.Channels.PublishAsync("news", new("1")).Within();
        var poll = _host.Channels.PollAsync("news", new MessageCursor(head.Id + 2), Window).AsTask();

        await _host.Channels.PublishAsync("news", new("2")).Within();
        await _host.Channels.PublishAsync("news", new("3")).Within();
        var expected = await _host.Channels.PublishAsync("news", new("4")).Within();

        Assert.Equal(expected.Id, (await poll.Within()).Message!.Id);
    }

    [Fact]
    public async Task A_cursor_behind_retention_gets_the_oldest_message_and_word_of_the_gap()
    {
        var messages = new List<ChannelMessage>();
        for (var i = 0; i < 8; i++)
        {
            messages.Add(await _host.Channels.PublishAsync("news", new($"{i}")).Within());
        }

        var result = await _host.Channels.PollAsync("news", messages[0].Cursor).Within();

        Assert.Equal(messages[3].Id, result.Message!.Id);
        Assert.Equal(new MessageGap(messages[0].Cursor, messages[2].Cursor), result.Gap);
    }

    [Fact]
    public async Task A_client_that_leaves_ends_its_poll_only()
    {
        using var leaving = new CancellationTokenSource();
        var gone = _host.Channels.PollAsync("news", cancellationToken: leaving.Token).AsTask();
        var stays = _host.Channels.PollAsync("news").AsTask();

        await leaving.CancelAsync();
        await _host.Channels.PublishAsync("news", new("1")).Within();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone.Within());
        Assert.Equal(PollOutcome.Message, (await stays.Within()).Outcome);
    }

    [Fact]
    public async Task A_poll_is_refused_before_anything_is_read()
    {
        await _host.Channels.PublishAsync("inbox:ann", new("1")).Within();

        var result = await _host.Channels.As(ChannelCaller.User("bob")).PollAsync("inbox:ann", MessageCursor.Beginning).Within();

        Assert.Equal((PollOutcome.Refused, AccessStatus.Forbidden), (result.Outcome, result.Access));
        Assert.Null(result.Message);
    }

    [Fact]
    public async Task A_poll_ends_when_the_callers_leave_expires()
    {
        var caller = ChannelCaller.User("ann") with { ExpiresAt = _host.Time.GetUtcNow() + TimeSpan.FromMinutes(1) };
        var poll = _host.Channels.As(caller).PollAsync("inbox:ann", window: Window).AsTask();

        _host.Time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(PollOutcome.Refused, (await poll.Within()).Outcome);
    }

    [Fact]
    public async Task P9_parked_polls_answer_when_the_host_drains()
    {
        var poll = _host.Channels.PollAsync("news").AsTask();

        await _host.Maintenance.DrainAsync().Within();

        Assert.Equal(PollOutcome.Draining, (await poll.Within()).Outcome);
        Assert.Equal(PollOutcome.Draining, (await _host.Channels.PollAsync("news").Within()).Outcome);
        Assert.Equal(PublishStatus.Published, (await _host.Channels.TryPublishAsync("news", new()).Within()).Status);
    }

    [Fact]
    public async Task P10_polls_beyond_the_limit_are_refused()
    {
        await using var host = ChannelsTestHost.Create(c => c.AddChannel("news"), o => o.MaxPolls = 2);
        using var leaving = new CancellationTokenSource();
        var first = host.Channels.PollAsync("news", cancellationToken: leaving.Token).AsTask();
        _ = host.Channels.PollAsync("news").AsTask();

        Assert.Equal(AccessStatus.LimitReached, (await host.Channels.PollAsync("news").Within()).Access);

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first.Within());
        Assert.False(host.Channels.PollAsync("news").IsCompleted);
    }
}
