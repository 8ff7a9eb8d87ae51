using System.Text.Json;
using Channels.AspNetCore.Tests.Support;

namespace Channels.AspNetCore.Tests.Bayeux;

/// <summary>How connects are held and answered over long-polling. Source: docs/protocols/bayeux.md#connect</summary>
public sealed class ConnectTests
{
    [Fact]
    public async Task The_first_connect_is_answered_at_once_and_the_next_one_is_held_for_the_advised_time()
    {
        await using var server = await BayeuxServer.StartAsync();
        var client = await server.OpenAsync();
        (await client.HoldAsync()).Expect(200);

        var held = await client.ParkAsync();
        var since = server.Time.GetUtcNow();
        await server.AdvanceUntilAsync(() => held.IsCompleted, TimeSpan.FromSeconds(1));
        Assert.True(server.Time.GetUtcNow() - since >= TimeSpan.FromSeconds(30));

        var reply = Assert.Single((await held.Within()).Expect(200).Json.EnumerateArray());
        Assert.False(Replies.Succeeded(reply).TryGetProperty("advice", out _));
    }

    [Fact]
    public async Task An_event_ends_a_held_connect_and_stands_before_the_reply()
    {
        await using var server = await BayeuxServer.StartAsync();
        var client = await server.ConnectAsync();
        await client.SubscribeAsync("/chat/room");
        var held = await client.ParkAsync();

        Replies.Succeeded(await client.PublishAsync("/chat/room", """{"n":1.50,"z":null}"""));

        var answer = (await held.Within()).Expect(200);
        Assert.Equal("application/json; charset=UTF-8", answer.Header("Content-Type"));
        Assert.Equal("no-store, no-cache", string.Join(", ", answer.Header("Cache-Control")!.Split(", ").OrderDescending()));
        Assert.StartsWith("""[{"channel":"/chat/room","data":{"n":1.50,"z":null}},{"id":""", answer.Body, StringComparison.Ordinal);
        Assert.Equal(2, answer.Json.GetArrayLength());
    }

    [Fact]
    public async Task A_connect_that_names_its_own_timeout_is_held_that_long_and_gets_the_whole_advice_again()
    {
        await using var server = await BayeuxServer.StartAsync();
        var client = await server.ConnectAsync();

        var held = await client.ParkAsync("\"advice\":{\"timeout\":6000,\"interval\":9}");
        var since = server.Time.GetUtcNow();

        // No step further than the answer, since the session expires 10 seconds after it.
        await server.AdvanceUntilAsync(() => server.Sessions.Attached == 0, TimeSpan.FromSeconds(1));
        Assert.True(server.Time.GetUtcNow() - since >= TimeSpan.FromSeconds(6));
        var advice = Assert.Single((await held.Within()).Json.EnumerateArray()).GetProperty("advice");
        Assert.Equal("""{"reconnect":"retry","interval":0,"timeout":30000}""", advice.GetRawText());

        var longer = await client.ParkAsync("\"advice\":{\"timeout\":600000}");
        await server.AdvanceUntilAsync(() => server.Sessions.Attached == 0, TimeSpan.FromSeconds(30));
        Replies.Succeeded(Assert.Single((await longer.Within()).Expect(200).Json.EnumerateArray()));
    }

    [Fact]
    public async Task A_connect_that_is_not_alone_is_answered_at_once()
    {
        await using var server = await BayeuxServer.StartAsync();
        var client = await server.ConnectAsync();

        var replies = await server.ExchangeAsync($"[{client.Connect()},{client.Message("/meta/subscribe", "\"subscription\":\"/x\"")},{client.Message("/x", "\"data\":1")}]");

        Assert.Equal(
            ["/meta/connect", "/meta/subscribe", "/x"],
            replies.Where(reply => reply.TryGetProperty("successful", out _)).Select(reply => reply.GetProperty("channel").GetString()));
        Assert.All(replies.Where(reply => reply.TryGetProperty("successful", out _)), reply => Replies.Succeeded(reply));
    }

    [Fact]
    public async Task A_newer_connect_ends_the_older_one_which_takes_no_events_along()
    {
        await using var server = await BayeuxServer.StartAsync();
        var client = await server.ConnectAsync();
        await client.SubscribeAsync("/x");
        var older = await client.ParkAsync();
        var newer = client.HoldAsync();
        (await older.Within()).Expect(409, "");

        await client.PublishAsync("/x", "7");

        Assert.Equal(["7"], Replies.Data((await newer.Within()).Expect(200).Json.EnumerateArray()));
    }

    [Fact]
    public async Task Events_wait_between_two_connects()
    {
        await using var server = await BayeuxServer.StartAsync();
        var client = await server.ConnectAsync();
        await client.SubscribeAsync("/x");
        for (var i = 1; i <= 3; i++)
        {
            await server.PublishAsync("x", $"{i}");
        }


        Assert.Equal(["1", "2", "3"], await client.ReceiveAsync(3));
    }

    [Fact]
    public async Task A_disconnect_ends_the_held_connect_and_the_session()
    {
        await using var server = await BayeuxServer.StartAsync();
        var client = await server.ConnectAsync();
        var held = await client.ParkAsync();

        Replies.Succeeded(await client.SendAsync("/meta/disconnect"));

        var reply = Replies.Succeeded(Assert.Single((await held.Within()).Expect(200).Json.EnumerateArray()));
        Assert.Equal("""{"reconnect":"none"}""", reply.GetProperty("advice").GetRawText());
        Replies.Failed(await client.PublishAsync("/x", "1"), "402::session_unknown");
    }

    [Fact]
    public async Task A_session_without_a_connect_expires_and_its_client_is_told_to_handshake()
    {
        await using var server = await BayeuxServer.StartAsync();
        var client = await server.ConnectAsync();
        server.Time.Advance(TimeSpan.FromSeconds(9));
        Assert.True(await client.IsKnownAsync());
        server.Time.Advance(TimeSpan.FromSeconds(9));
        Assert.True(await client.IsKnownAsync());
        server.Time.Advance(TimeSpan.FromSeconds(10));
        await server.UntilAsync(() => server.Sessions.Active == 0);

        var answer = (await client.HoldAsync()).Expect(200);

        var reply = Replies.Failed(Assert.Single(answer.Json.EnumerateArray()), "402::session_unknown");
        Assert.Equal("""{"reconnect":"handshake","interval":0}""", reply.GetProperty("advice").GetRawText());
        Assert.Equal(0, server.Connections.Count);
    }

    [Fact]
    public async Task A_client_that_goes_away_while_its_connect_is_held_expires_too()
    {
        await using var server = await BayeuxServer.StartAsync();
        var client = await server.ConnectAsync();
        using var http = new HttpClient { BaseAddress = server.BaseAddress };
        using var gone = new CancellationTokenSource();
        var held = http.PostAsync(BayeuxServer.Url, TestServer.JsonBody($"[{client.Connect()}]"), gone.Token);
        await server.UntilAsync(() => server.Sessions.Attached == 1);
        server.Time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(1, server.Sessions.Attached);

        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => held);
        await server.UntilAsync(() => server.Sessions.Attached == 0);
        server.Time.Advance(TimeSpan.FromSeconds(10));

        await server.UntilAsync(() => server.Sessions.Active == 0);
    }

    [Fact]
    public async Task A_queue_that_overflows_ends_the_session_so_that_its_client_handshakes_again()
    {
        await using var server = await BayeuxServer.StartAsync(options => options.MaxQueuedMessages = 3);
        var client = await server.ConnectAsync();
        await client.SubscribeAsync("/x");
        for (var i = 0; i < 3; i++)
        {
            await server.PublishAsync("x", $"{i}");
        }

        Assert.Equal(1, server.Sessions.Active);
        await server.PublishAsync("x", "\"one more\"");
        await server.UntilAsync(() => server.Sessions.Active == 0);

        Assert.Equal("handshake", Replies.Reconnect(Replies.Failed((await client.ConnectNowAsync())[0], "402::session_unknown")));
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(1, 3)]
    public async Task More_bytes_than_may_wait_end_the_session_and_a_new_handshake_serves_the_client_again(int more, int fit)
    {
        const string Data = "\"0123456789\"";

        // Two events, each a whole WebSocket message; the last one may exceed the limit.
        var bytes = 2 * (2 + $$"""[{"channel":"/x","data":{{Data}}}]""".Length);
        await using var server = await BayeuxServer.StartAsync(options => options.MaxQueuedBytes = bytes + more);
        var client = await server.ConnectAsync();
        await client.SubscribeAsync("/x");
        for (var i = 0; i < fit; i++)
        {
            await server.PublishAsync("x", Data);
            await server.UntilAsync(() => server.Waiting == i + 1);
        }

        Assert.Equal(1, server.Sessions.Active);
        await server.PublishAsync("x", Data);
        await server.UntilAsync(() => server.Sessions.Active == 0);
        Assert.Equal("handshake", Replies.Reconnect(Replies.Failed((await client.ConnectNowAsync())[0], "402::session_unknown")));

        var again = await server.ConnectAsync();
        await again.SubscribeAsync("/x");
        Replies.Succeeded(await again.PublishAsync("/x", "1"));
        Assert.Equal(["1"], await again.ReceiveAsync(1));
    }

    [Fact]
    public async Task A_drain_answers_held_connects_and_admits_nobody()
    {
        await using var server = await BayeuxServer.StartAsync();
        var client = await server.ConnectAsync();
        var held = await client.ParkAsync();

        await server.DrainAsync().Within();
        var reply = Replies.Failed(Assert.Single((await held.Within()).Json.EnumerateArray()), "402::session_unknown");

        Assert.Equal("""{"reconnect":"handshake","interval":1000}""", reply.GetProperty("advice").GetRawText());
        Replies.Failed(Assert.Single(await server.ExchangeAsync(BayeuxServer.Handshake())), "503::server_busy");
    }

    [Fact]
    public async Task Waiting_events_ride_with_other_replies_where_the_options_say_so()
    {
        await using var server = await BayeuxServer.StartAsync(options => options.DeliversWithAnyReply = true);
        var client = await server.ConnectAsync();
        await client.SubscribeAsync("/x");
        await server.PublishAsync("x", "1");
        JsonElement[] answer;
        do
        {
            answer = await server.ExchangeAsync($"[{client.Message("/y", "\"data\":0")}]");
        }
        while (answer.Length == 1);

        Assert.Equal(["1"], Replies.Data(answer));
        Assert.Equal("/y", Replies.Succeeded(answer[1]).GetProperty("channel").GetString());
        Assert.Empty(Replies.Data(await client.ConnectNowAsync()));
    }
}
