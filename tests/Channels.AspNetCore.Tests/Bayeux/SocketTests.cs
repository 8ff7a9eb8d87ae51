using System.Net.WebSockets;
using Channels.AspNetCore.Tests.Support;

namespace Channels.AspNetCore.Tests.Bayeux;

/// <summary>The WebSocket transport. Source: docs/protocols/bayeux.md#websocket</summary>
public sealed class SocketTests
{
    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/handshake")]
    public async Task A_socket_opens_under_every_spelling_of_the_path(string suffix)
    {
        await using var server = await BayeuxServer.StartAsync();
        using var socket = await server.ConnectAsync(BayeuxServer.Url + suffix);
        await SocketClient.Of(server, socket, "").SendTextAsync(BayeuxServer.Handshake());

        Replies.Succeeded((await socket.ReadJsonAsync())[0]);
    }

    [Fact]
    public async Task Without_acknowledgement_events_are_pushed_and_the_connect_stays_held()
    {
        await using var server = await BayeuxServer.StartAsync();
        using var client = await server.OpenSocketAsync();
        await client.ConnectNowAsync();
        await client.SubscribeAsync("/x");
        await client.HoldAsync("held");

        for (var i = 1; i <= 3; i++)
        {
            await server.PublishAsync("x", $"{i}");
            Assert.Equal($$"""{"channel":"/x","data":{{i}}}""", (await client.ReadAsync()).GetRawText());
        }

        server.Time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal("held", Replies.Succeeded(await client.ReadAsync()).GetProperty("id").GetString());
    }

    [Fact]
    public async Task With_acknowledgement_events_release_the_connect_and_come_before_its_reply()
    {
        await using var server = await BayeuxServer.StartAsync();
        using var client = await server.OpenSocketAsync(ack: true);
        Assert.Equal(1, (await client.ConnectNowAsync("\"ext\":{\"ack\":0}")).GetProperty("ext").GetProperty("ack").GetInt64());
        await client.SubscribeAsync("/x");
        await client.ParkAsync("held", "\"ext\":{\"ack\":1}");

        await server.PublishAsync("x", "1");

        Assert.Equal("1", (await client.ReadAsync()).GetProperty("data").GetRawText());
        var reply = Replies.Succeeded(await client.ReadAsync());
        Assert.Equal("held", reply.GetProperty("id").GetString());
        Assert.Equal(2, reply.GetProperty("ext").GetProperty("ack").GetInt64());
    }

    [Fact]
    public async Task A_held_connect_does_not_delay_other_messages()
    {
        await using var server = await BayeuxServer.StartAsync();
        using var client = await server.OpenSocketAsync();
        await client.ConnectNowAsync();
        await client.HoldAsync("held");

        await client.SendAsync(client.Message("/meta/subscribe", "\"subscription\":\"/x\""), client.Message("/y", "\"data\":1"));

        Assert.Equal("/meta/subscribe", Replies.Succeeded(await client.ReadAsync()).GetProperty("channel").GetString());
        Assert.Equal("/y", Replies.Succeeded(await client.ReadAsync()).GetProperty("channel").GetString());
    }

    [Fact]
    public async Task A_disconnect_is_answered_behind_the_held_connect_and_the_socket_closes_if_the_client_does_not()
    {
        await using var server = await BayeuxServer.StartAsync();
        using var client = await server.OpenSocketAsync();
        await client.ConnectNowAsync();
        await client.ParkAsync("held");

        await client.SendAsync(client.Message("/meta/disconnect"));

        var connect = Replies.Succeeded(await client.ReadAsync());
        Assert.Equal(("held", "none"), (connect.GetProperty("id").GetString(), Replies.Reconnect(connect)));
        Assert.Equal("/meta/disconnect", Replies.Succeeded(await client.ReadAsync()).GetProperty("channel").GetString());
        server.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Null(await client.Socket.ReadTextAsync());
        Assert.Equal(WebSocketCloseStatus.NormalClosure, client.Socket.CloseStatus);
    }

    [Fact]
    public async Task The_session_outlives_its_socket_and_a_fresh_one_takes_it_over()
    {
        await using var server = await BayeuxServer.StartAsync();
        var client = await server.OpenSocketAsync();
        await client.ConnectNowAsync();
        await client.SubscribeAsync("/x");
        await client.ParkAsync("held");
        client.Socket.Abort();
        client.Dispose();
        await server.UntilAsync(() => server.Sessions.Attached == 0);
        await server.PublishAsync("x", "1");
        await server.UntilAsync(() => server.Waiting == 1);

        using var socket = await server.ConnectAsync(BayeuxServer.Url);
        var again = SocketClient.Of(server, socket, client.Id);
        await again.SendAsync(again.Message("/meta/connect", "\"advice\":{\"timeout\":0}", "again"));

        Assert.Equal("1", (await again.ReadAsync()).GetProperty("data").GetRawText());
        var reply = Replies.Succeeded(await again.ReadAsync());
        Assert.Equal(("again", "retry"), (reply.GetProperty("id").GetString(), Replies.Reconnect(reply)));
    }

    [Fact]
    public async Task A_session_moves_between_the_transports()
    {
        await using var server = await BayeuxServer.StartAsync();
        var client = await server.ConnectAsync();
        await client.SubscribeAsync("/x");
        var held = await client.ParkAsync();
        using var socket = await server.ConnectAsync(BayeuxServer.Url);
        var moved = SocketClient.Of(server, socket, client.Id);
        await moved.HoldAsync("moved");
        (await held.Within()).Expect(409);

        await server.PublishAsync("x", "1");
        Assert.Equal("1", (await moved.ReadAsync()).GetProperty("data").GetRawText());

        var back = client.HoldAsync();
        Replies.Failed(await moved.ReadAsync(), "409::connect_replaced");
        await server.PublishAsync("x", "2");
        Assert.Equal(["2"], Replies.Data((await back.Within()).Json.EnumerateArray()));
    }

    [Fact]
    public async Task A_socket_is_one_sessions_until_it_handshakes_again()
    {
        await using var server = await BayeuxServer.StartAsync();
        var other = await server.ConnectAsync();
        using var client = await server.OpenSocketAsync();
        var stranger = SocketClient.Of(server, client.Socket, other.Id);
        Replies.Failed(await stranger.ExchangeAsync("/x", "\"data\":1"), "402::session_unknown");
        Replies.Succeeded(await client.ExchangeAsync("/x", "\"data\":1"));

        await client.SendTextAsync(BayeuxServer.Handshake());
        var second = SocketClient.Of(server, client.Socket, Replies.Succeeded(await client.ReadAsync()).GetProperty("clientId").GetString()!);

        Replies.Succeeded(await second.ExchangeAsync("/x", "\"data\":1"));
        Replies.Failed(await client.ExchangeAsync("/x", "\"data\":1"), "402::session_unknown");
        Assert.Equal(3, server.Sessions.Active);
    }

    [Fact]
    public async Task A_socket_may_be_held_to_the_sessions_that_it_opened()
    {
        await using var server = await BayeuxServer.StartAsync(options => options.RequireHandshakePerConnection = true);
        var client = await server.ConnectAsync();
        using var socket = await server.ConnectAsync(BayeuxServer.Url);

        Replies.Failed(await SocketClient.Of(server, socket, client.Id).ExchangeAsync("/x", "\"data\":1"), "402::session_unknown");
        using var own = await server.OpenSocketAsync();
        Replies.Succeeded(await own.ExchangeAsync("/x", "\"data\":1"));
    }

    [Fact]
    public async Task An_expired_session_closes_its_socket()
    {
        await using var server = await BayeuxServer.StartAsync();
        using var client = await server.OpenSocketAsync();
        await client.ConnectNowAsync();
        await server.UntilAsync(() => server.Sessions.Attached == 0);
        server.Time.Advance(TimeSpan.FromSeconds(10));

        Assert.Null(await client.Socket.ReadTextAsync());
        Assert.Equal(WebSocketCloseStatus.NormalClosure, client.Socket.CloseStatus);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("1")]
    [InlineData("null")]
    [InlineData("[{\"channel\":\"/meta/handshake\",\"supportedConnectionTypes\":[\"websocket\"]},{\"channel\":\"/x\"}]")]
    public async Task What_is_no_array_of_messages_closes_the_socket_and_disturbs_nobody(string text)
    {
        await using var server = await BayeuxServer.StartAsync();
        using var bystander = await server.OpenSocketAsync();
        using var client = await server.OpenSocketAsync();

        await client.SendTextAsync(text);

        Assert.Null(await client.Socket.ReadTextAsync());
        Assert.Equal(WebSocketCloseStatus.InternalServerError, client.Socket.CloseStatus);
        Replies.Succeeded(await bystander.ExchangeAsync("/x", "\"data\":1"));
        Assert.Equal(2, server.Sessions.Active);
    }

    [Fact]
    public async Task Too_large_a_frame_binary_and_silence_close_the_socket()
    {
        await using var server = await BayeuxServer.StartAsync(options => options.MaxRequestBytes = 1024);
        using var large = await server.OpenSocketAsync();
        await large.SendTextAsync(new string(' ', 1025));
        Assert.Null(await large.Socket.ReadTextAsync());
        Assert.Equal(WebSocketCloseStatus.MessageTooBig, large.Socket.CloseStatus);

        using var binary = await server.OpenSocketAsync();
        await binary.Socket.SendAsync(new byte[1], WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None).Within();
        Assert.Null(await binary.Socket.ReadTextAsync());
        Assert.Equal(WebSocketCloseStatus.InvalidMessageType, binary.Socket.CloseStatus);

        // Heard of once, so that the server listens; found out by the fifth sweep, and no step further, for closing has its own time limit.
        using var silent = await server.ConnectAsync(BayeuxServer.Url);
        Replies.Failed(await SocketClient.Of(server, silent, "nobody").ExchangeAsync("/x"), "402::session_unknown");
        server.Time.Advance(TimeSpan.FromSeconds(375));
        Assert.Null(await silent.ReadTextAsync());
        Assert.Equal(WebSocketCloseStatus.NormalClosure, silent.CloseStatus);
    }

    [Fact]
    public async Task A_drain_answers_the_held_connect_and_closes_the_socket()
    {
        await using var server = await BayeuxServer.StartAsync();
        using var client = await server.OpenSocketAsync();
        await client.ConnectNowAsync();
        await client.ParkAsync("held");

        await server.DrainAsync().Within();

        Assert.Equal("handshake", Replies.Reconnect(Replies.Failed(await client.ReadAsync(), "402::session_unknown")));
        Assert.Null(await client.Socket.ReadTextAsync());
        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, client.Socket.CloseStatus);
    }
}
