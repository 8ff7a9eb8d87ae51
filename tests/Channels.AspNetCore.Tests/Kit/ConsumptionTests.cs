using Channels.AspNetCore.Connections;
using Channels.Testing;

namespace Channels.AspNetCore.Tests.Kit;

/// <summary>When a message counts as consumed.</summary>
public sealed class ConsumptionTests
{
    [Fact]
    public async Task A_message_written_to_a_client_that_is_gone_waits_for_its_next_request()
    {
        await using var server = await KitServer.StartAsync();
        var session = await server.OpenAsync();
        var writing = new TaskCompletionSource();
        server.Wire.BeforeWrite = async http =>
        {
            // The server notices the loss only now: the message is in the hands of the request already.
            writing.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        };
        using var leaving = new CancellationTokenSource();
        using var request = server.Request("GET", $"/kit/sessions/{session.Id}/poll", null, null);
        var poll = server.Http.SendAsync(request, leaving.Token);
        await server.PublishAsync(1);
        await writing.Task.Within();
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => poll.Within());
        await ChannelsTestHost.EventuallyAsync(() => session.TryAttach(takeOver: false) is { } free && Free(free));
        server.Wire.BeforeWrite = null;
        Assert.Equal(1, session.Queued);

        (await server.PollAsync(session)).Expect(200, """{"batch":0,"messages":[1]}""");
        Assert.Equal(0, session.Queued);
    }

    [Fact]
    public async Task A_parked_request_whose_client_leaves_detaches()
    {
        await using var server = await KitServer.StartAsync();
        var session = await server.OpenAsync();
        using var attachment = session.TryAttach()!;
        using var left = new CancellationTokenSource();
        var wait = attachment.WaitAsync(null, left.Token).AsTask();

        await left.CancelAsync();

        Assert.Equal(SessionSignal.ClientLeft, await wait.Within());
        Assert.Equal(SessionSignal.ClientLeft, await attachment.WaitAsync(null, left.Token).Within());
    }

    [Fact]
    public async Task A_write_that_fails_consumes_nothing()
    {
        await using var server = await KitServer.StartAsync();
        var session = await server.OpenAsync();
        var received = new List<string>();
        using (var broken = session.TryAttach()!)
        {
            await server.PublishAsync(1, 2);
            await ChannelsTestHost.EventuallyAsync(() => session.Queued == 2);
            await Assert.ThrowsAsync<IOException>(() => broken.SendAsync((_, _) => throw new IOException(), 1024, default).AsTask());
        }

        using var next = session.TryAttach()!;
        Assert.Equal(SessionSend.Sent, await next.SendAsync((batch, _) => Frames.Collect(batch, received), 1024, default).Within());
        Assert.Equal(["1", "2"], received);
    }

    [Fact]
    public async Task A_newer_transport_waits_for_the_older_ones_write_and_repeats_nothing()
    {
        await using var server = await KitServer.StartAsync();
        var session = await server.OpenAsync();
        await server.PublishAsync(1, 2);
        await ChannelsTestHost.EventuallyAsync(() => session.Queued == 2);
        var (older, written) = (session.TryAttach()!, new TaskCompletionSource());
        var first = older.SendAsync((_, _) => new(written.Task), maxBytes: 1, default).AsTask();
        using var newer = session.TryAttach()!;
        var received = new List<string>();
        var wait = newer.WaitAsync(null, default).AsTask();
        Assert.False(wait.IsCompleted);
        Assert.Equal(SessionSend.Busy, await newer.SendAsync((_, _) => default, 1024, default).Within());

        written.SetResult();

        Assert.Equal(SessionSend.Sent, await first.Within());
        Assert.Equal(SessionSend.Replaced, await older.SendAsync((_, _) => default, 1024, default).Within());
        Assert.Equal(SessionSignal.Frames, await wait.Within());
        await newer.SendAsync((batch, _) => Frames.Collect(batch, received), 1024, default).Within();
        Assert.Equal(["2"], received);
        older.Dispose();
    }

    [Fact]
    public async Task A_write_that_hangs_is_stopped_some_time_after_a_takeover()
    {
        await using var server = await KitServer.StartAsync();
        var session = await server.OpenAsync();
        await server.PublishAsync(1);
        await ChannelsTestHost.EventuallyAsync(() => session.Queued == 1);
        using var older = session.TryAttach()!;
        var first = older.SendAsync((_, stop) => new(Task.Delay(Timeout.InfiniteTimeSpan, stop)), 1024, default).AsTask();
        using var newer = session.TryAttach()!;
        var wait = newer.WaitAsync(null, default).AsTask();

        server.Time.Advance(TimeSpan.FromSeconds(5));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first.Within());
        Assert.Equal(SessionSignal.Frames, await wait.Within());
    }

    private static bool Free(SessionAttachment attachment)
    {
        attachment.Dispose();
        return true;
    }
}
