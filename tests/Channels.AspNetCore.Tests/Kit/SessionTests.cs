using Channels.AspNetCore.Connections;
using Channels.AspNetCore.Tests.Support;
using Channels.Testing;

namespace Channels.AspNetCore.Tests.Kit;

public sealed class SessionTests
{
    [Fact]
    public async Task The_registry_tells_what_a_session_holds()
    {
        await using var server = await KitServer.StartAsync();
        var session = await server.OpenAsync();
        Assert.Equal(default, Held());

        await server.PublishAsync(1);
        await server.PublishAsync(2);
        await ChannelsTestHost.EventuallyAsync(() => session.Queued == 2);
        var sent = 0L;
        using var transport = session.TryAttach()!;
        Assert.Equal(2, Held().Messages);
        var bytes = Held().Bytes;
        await transport.SendAsync((batch, _) =>
        {
            foreach (var frame in batch.Frames.Span)
            {
                sent += frame.Bytes.Length;
            }

            return default;
        }, 1024, default).Within();

        Assert.Equal(sent, bytes);
        Assert.Equal(default, Held());

        ConnectionQueue Held() => server.Connections.Find(session.Connection.Id)!.Queue;
    }

    [Fact]
    public async Task A_parked_request_is_answered_by_a_message()
    {
        await using var server = await KitServer.StartAsync();
        var session = await server.OpenAsync();
        var poll = await server.ParkAsync(session);

        await server.PublishAsync(1);

        (await poll).Expect(200, """{"batch":0,"messages":[1]}""");
        Assert.Equal(0, session.Queued);
    }

    [Fact]
    public async Task What_waits_goes_out_together_within_the_limit_of_a_batch()
    {
        await using var server = await KitServer.StartAsync();
        var session = await server.OpenAsync();
        await server.PublishAsync(1, 2, 3);
        var large = $"\"{new string('x', 2000)}\"";
        (await server.SendAsync("POST", "/kit/publish", json: large)).Expect(201);
        await ChannelsTestHost.EventuallyAsync(() => session.Queued == 4);

        (await server.PollAsync(session)).Expect(200, """{"batch":0,"messages":[1,2,3]}""");
        (await server.PollAsync(session)).Expect(200, $$"""{"batch":0,"messages":[{{large}}]}""");
        (await server.PollAsync(session, "window=0")).Expect(200, """{"batch":0,"messages":[]}""");
    }

    [Fact]
    public async Task A_newer_request_takes_over_and_gets_the_message()
    {
        await using var server = await KitServer.StartAsync();
        var session = await server.OpenAsync();
        var older = await server.ParkAsync(session);
        var newer = await server.ParkAsync(session);

        (await older).Expect(200, "\"Replaced\"");
        await server.PublishAsync(1);

        (await newer).Expect(200, """{"batch":0,"messages":[1]}""");
    }

    [Fact]
    public async Task A_second_request_may_be_refused_instead()
    {
        await using var server = await KitServer.StartAsync();
        var session = await server.OpenAsync();
        var older = await server.ParkAsync(session);

        (await server.PollAsync(session, "polite=1")).Expect(409);
        session.Release();

        (await older).Expect(200, "\"Released\"");
    }

    [Fact]
    public async Task A_socket_takes_over_a_parked_request_and_a_request_a_socket()
    {
        await using var server = await KitServer.StartAsync();
        var session = await server.OpenAsync();
        var poll = await server.ParkAsync(session);

        using var socket = await server.ConnectAsync($"/kit/sessions/{session.Id}/socket");
        (await poll).Expect(200, "\"Replaced\"");
        await server.PublishAsync(1, 2);
        Assert.Equal("1", await socket.ReadTextAsync());
        Assert.Equal("2", await socket.ReadTextAsync());

        var next = await server.ParkAsync(session);
        Assert.Null(await socket.ReadTextAsync());
        Assert.Equal("Replaced", socket.CloseStatusDescription);
        await server.PublishAsync(3);
        (await next).Expect(200, """{"batch":0,"messages":[3]}""");
    }

    [Fact]
    public async Task A_session_expires_without_a_transport_and_not_while_one_waits()
    {
        await using var server = await KitServer.StartAsync();
        var session = await server.OpenAsync();
        var poll = await server.ParkAsync(session);
        server.Time.Advance(KitServer.Detached * 3);
        Assert.Equal(SessionEnd.None, session.End);
        session.Release();
        await poll;
        await ChannelsTestHost.EventuallyAsync(() => session.TryAttach(takeOver: false) is { } free && Dispose(free));

        server.Time.Advance(KitServer.Detached - TimeSpan.FromSeconds(1));
        session.Touch();
        server.Time.Advance(KitServer.Detached - TimeSpan.FromSeconds(1));
        Assert.Equal(SessionEnd.None, session.End);
        server.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(SessionEnd.Expired, session.End);
        (await server.PollAsync(session)).Expect(404);
        await session.Finished.Within();
        Assert.Equal(0, server.Connections.Count);
    }

    [Fact]
    public async Task A_window_closes_on_the_clock()
    {
        await using var server = await KitServer.StartAsync();
        var session = await server.OpenAsync();
        var poll = await server.ParkAsync(session, "window=3000");

        await server.AdvanceUntilAsync(() => poll.IsCompleted, TimeSpan.FromSeconds(1));

        (await poll).Expect(200, """{"batch":0,"messages":[]}""");
    }

    [Fact]
    public async Task One_message_too_many_ends_the_session_and_is_counted()
    {
        using var ended = new InstrumentSum("channels.sessions.ended", reason: "Overflow");
        await using var server = await KitServer.StartAsync(maxQueuedFrames: 3, meters: ended);
        var session = await server.OpenAsync();
        await server.PublishAsync(1, 2, 3);
        await ChannelsTestHost.EventuallyAsync(() => session.Queued == 3);
        Assert.Equal(SessionEnd.None, session.End);
        Assert.True(server.Sessions.Find(session.Id) == session);

        await server.PublishAsync(4);
        await session.Finished.Within();

        Assert.Equal(SessionEnd.Overflow, session.End);
        Assert.Equal(1, ended.Value);
        Assert.False(session.Enqueue(WebSocketFraming.Text("1"u8)));
        await ChannelsTestHost.EventuallyAsync(() => server.Sessions.Count == 0);
    }

    [Fact]
    public async Task Reading_waits_while_an_attached_client_is_slower()
    {
        await using var server = await KitServer.StartAsync(maxQueuedFrames: 3);
        var session = await server.OpenAsync();
        using var attachment = session.TryAttach()!;
        await server.PublishAsync([.. Enumerable.Range(1, 20)]);
        Assert.Equal(SessionSignal.Frames, await attachment.WaitAsync(null, default).Within());
        Assert.Equal(SessionEnd.None, session.End);
        var received = new List<string>();
        while (received.Count < 20)
        {
            await attachment.WaitAsync(null, default).Within();
            await attachment.SendAsync((batch, _) => Frames.Collect(batch, received), 1024, default).Within();
            Assert.InRange(session.Queued, 0, 3);
        }

        Assert.Equal(Enumerable.Range(1, 20).Select(number => $"{number}"), received);
    }

    [Fact]
    public async Task A_drain_says_goodbye_to_every_kind_of_transport_and_opens_nothing_more()
    {
        await using var server = await KitServer.StartAsync();
        var parked = await server.ParkAsync(await server.OpenAsync());
        var idle = await server.OpenAsync();
        var other = await server.OpenAsync();
        using var socket = await server.ConnectAsync($"/kit/sessions/{other.Id}/socket?bye=1");
        await using var stream = await server.StreamAsync(await server.OpenAsync());
        Assert.Equal("o", await stream.ReadAsync(1));

        var drain = server.DrainAsync();

        (await parked).Expect(200, "\"Ended\"");
        Assert.Equal("bye:Draining", await socket.ReadTextAsync());
        Assert.Null(await socket.ReadTextAsync());
        Assert.Equal("Ended", socket.CloseStatusDescription);
        Assert.Equal("bye:Draining", await stream.ReadToEndAsync());
        await socket.CloseAsync();
        await drain.Within();
        await ChannelsTestHost.EventuallyAsync(() => idle.End == SessionEnd.Draining && other.End == SessionEnd.Draining);
        Assert.Equal("\"NoConnection\"", (await server.SendAsync("POST", "/kit/sessions")).Expect(503).Body);
        await ChannelsTestHost.EventuallyAsync(() => server.Sessions.Count == 0);
    }

    [Fact]
    public async Task A_session_whose_connection_is_sent_away_before_is_not_opened()
    {
        await using var server = await KitServer.StartAsync();
        await using var connection = server.Connections.TryOpen(new() { Protocol = "kit", Caller = ChannelCaller.Host })!;
        await server.DrainAsync().Within();

        var opening = server.Sessions.TryOpen(new() { Connection = connection, Encode = static (in Delivery _) => default }, out var session);

        Assert.Equal(SessionOpening.Draining, opening);
        Assert.Null(session);
    }

    [Fact]
    public async Task What_is_queued_when_a_session_ends_goes_out_first()
    {
        await using var server = await KitServer.StartAsync();
        var session = await server.OpenAsync();
        using var attachment = session.TryAttach()!;
        var received = new List<string>();
        session.Enqueue(WebSocketFraming.Text("1"u8));
        session.Enqueue(WebSocketFraming.Text("2"u8));
        session.Close();

        var signal = await attachment.ServeAsync((batch, _) => Frames.Collect(batch, received), maxBytes: 1, default).Within();

        Assert.Equal(SessionSignal.Ended, signal);
        Assert.Equal(["1", "2"], received);
    }

    [Fact]
    public async Task Nothing_goes_out_any_more_to_whoever_is_shut_out()
    {
        await using var server = await KitServer.StartAsync();
        var session = await server.OpenAsync();
        using var attachment = session.TryAttach()!;
        session.Enqueue(WebSocketFraming.Text("1"u8));
        session.Close(SessionEnd.Revoked);

        var signal = await attachment.ServeAsync((_, _) => throw new InvalidOperationException(), maxBytes: 1, default).Within();

        Assert.Equal(SessionSignal.Ended, signal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_end_that_closes_the_transport_too_is_no_client_that_left(bool whileItWrites)
    {
        await using var server = await KitServer.StartAsync();
        var session = await server.OpenAsync();
        using var attachment = session.TryAttach()!;
        using var left = new CancellationTokenSource();
        var received = new List<string>();
        session.Enqueue(WebSocketFraming.Text("1"u8));
        if (!whileItWrites)
        {
            End();
        }

        var signal = await attachment.ServeAsync(WriteAsync, maxBytes: 1, left.Token).Within();

        Assert.Equal(SessionSignal.Ended, signal);
        Assert.Equal(["1"], received);

        ValueTask WriteAsync(SessionBatch batch, CancellationToken stop)
        {
            End();
            return Frames.Collect(batch, received);
        }

        void End()
        {
            session.Close();
            left.Cancel();
        }
    }

    [Fact]
    public async Task The_end_of_a_session_waits_for_an_older_transports_write()
    {
        await using var server = await KitServer.StartAsync();
        var session = await server.OpenAsync();
        session.Enqueue(WebSocketFraming.Text("1"u8));
        session.Enqueue(WebSocketFraming.Text("2"u8));
        var (written, received) = (new TaskCompletionSource(), new List<string>());
        using var older = session.TryAttach()!;
        var first = older.SendAsync((_, _) => new(written.Task), maxBytes: 1, default).AsTask();
        using var newer = session.TryAttach()!;
        var serving = newer.ServeAsync((batch, _) => Frames.Collect(batch, received), maxBytes: 1, default).AsTask();
        session.Close();
        Assert.False(serving.IsCompleted);

        written.SetResult();

        Assert.Equal(SessionSend.Sent, await first.Within());
        Assert.Equal(SessionSignal.Ended, await serving.Within());
        Assert.Equal(["2"], received);
    }

    [Fact]
    public async Task A_release_before_the_request_waits_is_not_lost()
    {
        await using var server = await KitServer.StartAsync();
        var session = await server.OpenAsync();
        using var attachment = session.TryAttach()!;

        session.Release();

        Assert.Equal(SessionSignal.Released, await attachment.WaitAsync(null, default).Within());
    }

    [Fact]
    public async Task The_table_is_bounded_and_ids_are_secrets()
    {
        await using var server = await KitServer.StartAsync(maxSessions: 2);
        var session = await server.OpenAsync();
        Assert.Matches("^[A-Za-z0-9_-]{22}$", session.Id);
        Assert.NotEqual(session.Connection.Id, session.Id);
        Assert.Null(server.Sessions.Find(session.Connection.Id));
        Assert.Null(server.Sessions.Find(new string('x', SessionTable.MaxIdLength + 1)));
        var chosen = await server.OpenAsync("id=chosen");
        Assert.Equal("\"Full\"", (await server.SendAsync("POST", "/kit/sessions")).Expect(503).Body);

        session.Close();
        await ChannelsTestHost.EventuallyAsync(() => server.Sessions.Count == 1);
        Assert.Equal("\"Taken\"", (await server.SendAsync("POST", "/kit/sessions?id=chosen")).Expect(503).Body);
        Assert.Equal(chosen, server.Sessions.Find("chosen"));
        await server.OpenAsync();
    }

    private static bool Dispose(SessionAttachment attachment)
    {
        attachment.Dispose();
        return true;
    }
}
