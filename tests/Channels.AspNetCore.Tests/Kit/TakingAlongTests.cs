using Channels.AspNetCore.Connections;
using Channels.Testing;

namespace Channels.AspNetCore.Tests.Kit;

/// <summary>Requests that are not the session's transport, and take along what is due.</summary>
public sealed class TakingAlongTests
{
    [Fact]
    public async Task What_is_queued_goes_along_and_does_not_come_again()
    {
        await using var server = await KitServer.StartAsync();
        var session = await server.OpenAsync();
        await server.PublishAsync(1, 2);
        await ChannelsTestHost.EventuallyAsync(() => session.Queued == 2);

        (await SendAsync(server, session)).Expect(200, """{"batch":0,"messages":[1,2]}""");
        (await SendAsync(server, session)).Expect(200, """{"batch":0,"messages":[]}""");
        (await server.PollAsync(session, "window=0")).Expect(200, """{"batch":0,"messages":[]}""");
    }

    [Fact]
    public async Task A_parked_request_stays_parked()
    {
        await using var server = await KitServer.StartAsync();
        var session = await server.OpenAsync();
        var poll = await server.ParkAsync(session);

        (await SendAsync(server, session)).Expect(200, """{"batch":0,"messages":[]}""");
        Assert.False(poll.IsCompleted);
        await server.PublishAsync(1);

        (await poll).Expect(200, """{"batch":0,"messages":[1]}""");
    }

    [Fact]
    public async Task Nothing_goes_along_where_the_client_acknowledges()
    {
        await using var server = await KitServer.StartAsync();
        var session = await server.OpenAsync("ack=1");
        await server.PublishAsync(1);
        await ChannelsTestHost.EventuallyAsync(() => session.Queued == 1);

        (await SendAsync(server, session)).Expect(200, """{"batch":0,"messages":[]}""");
        (await server.PollAsync(session)).Expect(200, """{"batch":1,"messages":[1]}""");
    }

    [Fact]
    public async Task What_a_lost_request_took_along_comes_by_the_transport()
    {
        await using var server = await KitServer.StartAsync();
        var session = await server.OpenAsync();
        session.Enqueue(WebSocketFraming.Text("1"u8));
        using var left = new CancellationTokenSource();
        var (written, received) = (new TaskCompletionSource(), new List<string>());
        var answer = session.AnswerAsync((_, _) => new(written.Task), 1024, left.Token).AsTask();
        using var transport = session.TryAttach()!;
        var wait = transport.WaitAsync(null, default).AsTask();
        Assert.False(wait.IsCompleted);

        await left.CancelAsync();
        written.SetResult();
        await answer.Within();

        Assert.Equal(SessionSignal.Frames, await wait.Within());
        await transport.SendAsync((batch, _) => Frames.Collect(batch, received), 1024, default).Within();
        Assert.Equal(["1"], received);
    }

    [Fact]
    public async Task A_request_is_answered_alone_while_another_writes_and_when_the_session_has_ended()
    {
        await using var server = await KitServer.StartAsync();
        var session = await server.OpenAsync();
        session.Enqueue(WebSocketFraming.Text("1"u8));
        session.Enqueue(WebSocketFraming.Text("2"u8));
        using var transport = session.TryAttach()!;
        var written = new TaskCompletionSource();
        var sending = transport.SendAsync((_, _) => new(written.Task), maxBytes: 1, default).AsTask();
        var counts = new List<int>();

        await session.AnswerAsync(CountAsync, 1024, default).Within();
        written.SetResult();
        await sending.Within();
        await session.AnswerAsync(CountAsync, 1024, default).Within();
        session.Enqueue(WebSocketFraming.Text("3"u8));
        session.Close();
        await session.AnswerAsync(CountAsync, 1024, default).Within();

        Assert.Equal([0, 1, 0], counts);

        ValueTask CountAsync(SessionBatch batch, CancellationToken stop)
        {
            counts.Add(batch.Frames.Length);
            return default;
        }
    }

    [Fact]
    public async Task A_write_that_hangs_keeps_the_transport_waiting_for_a_moment_only()
    {
        await using var server = await KitServer.StartAsync();
        var session = await server.OpenAsync();
        session.Enqueue(WebSocketFraming.Text("1"u8));
        var answer = session.AnswerAsync((_, stop) => new(Task.Delay(Timeout.InfiniteTimeSpan, stop)), 1024, default).AsTask();
        using var transport = session.TryAttach()!;
        var wait = transport.WaitAsync(null, default).AsTask();

        server.Time.Advance(TimeSpan.FromSeconds(5));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer.Within());
        Assert.Equal(SessionSignal.Frames, await wait.Within());
    }

    [Fact]
    public async Task A_parked_request_waits_on_when_another_took_everything_along()
    {
        await using var server = await KitServer.StartAsync();
        var session = await server.OpenAsync();
        using var transport = session.TryAttach()!;
        var answers = new List<(SessionSignal, string)>();
        var answer = transport.AnswerAsync(TimeSpan.FromSeconds(3), 1024, CollectAsync, default).AsTask();
        for (var i = 0; i < 100; i++)
        {
            // Whoever of the two takes it, it comes once, and no answer is empty before its time.
            session.Enqueue(WebSocketFraming.Text("x"u8));
            await session.AnswerAsync((batch, _) => CollectAsync(SessionSignal.None, batch, default), 1024, default).Within();
            if (answer.IsCompleted)
            {
                answer = transport.AnswerAsync(TimeSpan.FromSeconds(3), 1024, CollectAsync, default).AsTask();
            }
        }

        while (session.Queued > 0)
        {
            // Nobody takes along what comes while the parked request is being answered; the next parked request has it.
            await answer.Within();
            answer = transport.AnswerAsync(TimeSpan.FromSeconds(3), 1024, CollectAsync, default).AsTask();
        }

        Assert.All(Snapshot(), entry => Assert.True(entry.Item1 == SessionSignal.None || entry.Item2.Length > 0));
        Assert.Equal(100, Snapshot().Sum(entry => entry.Item2.Length));

        ValueTask CollectAsync(SessionSignal signal, SessionBatch batch, CancellationToken stop)
        {
            lock (answers)
            {
                answers.Add((signal, new string('x', batch.Frames.Length)));
            }

            return default;
        }

        (SessionSignal, string)[] Snapshot()
        {
            lock (answers)
            {
                return [.. answers];
            }
        }
    }

    private static Task<Support.Answer> SendAsync(KitServer server, Session session) =>
        server.SendAsync("POST", $"/kit/sessions/{session.Id}/send");
}
