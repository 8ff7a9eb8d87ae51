using System.Net;
using System.Net.WebSockets;
using Channels.AspNetCore.Tests.Support;

namespace Channels.AspNetCore.Tests.PushStream;

/// <summary>Tokens, permissions, methods and what other origins see.</summary>
public sealed class AuthorizationTests : IAsyncLifetime
{
    private static readonly string[] Transports = ["longpoll", "shortpoll", "websocket", "eventsource"];

    private readonly PushStreamServer _server = new();

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("auth_token=", null)]
    [InlineData("auth_token=unknown", null)]
    [InlineData("auth_token=%FF", null)]
    [InlineData("auth_token=", "Token")]
    [InlineData("auth_token=", "Token a b")]
    [InlineData("auth_token=", "Basic alice-token")]
    [InlineData("auth_token=", "Bearer unknown")]
    [InlineData("auth_token=unknown", "Token alice-token")]
    [InlineData("auth_token=unknown&auth_token=alice-token", null)]
    public async Task Without_a_good_token_the_answer_is_401_before_anything_else(string query, string? authorization)
    {
        foreach (var transport in Transports)
        {
            (string, string)[] headers = authorization is null ? [] : [("Authorization", authorization)];
            var answer = (await _server.AskAsync($"/{transport}/open-a/ALL?{query}", headers)).Expect(401);
            Assert.Equal("""{"meta":{"status":401,"error":"AuthError","error_message":"The token is missing, invalid, revoked or expired."},"data":{}}""", answer.Body);
            Assert.NotNull(answer.Header("X-Nginx-PushStream-Explain"));
            Assert.Equal("*", answer.Header("Access-Control-Allow-Origin"));
        }
    }

    [Theory]
    [InlineData("?auth_token=alice-token", null)]
    [InlineData("?AUTH_TOKEN=alice-token", "Token unknown")]
    [InlineData("?auth_token=", "Token alice-token")]
    [InlineData("?auth_token=", "token alice-token")]
    [InlineData("?auth_token=", "Bearer alice-token")]
    [InlineData("?&auth_token=alice-token&tag=", null)]
    public async Task A_token_comes_in_the_query_or_in_a_header(string query, string? authorization)
    {
        (string, string)[] headers = authorization is null ? [] : [("Authorization", authorization)];
        Assert.Equal(304, (await _server.SendAsync("GET", $"/shortpoll/open-a{query}", key: null, headers: headers)).Status);
        using var socket = await _server.ConnectAsync($"/websocket/open-a{query}", headers);
        Assert.Equal(HttpStatusCode.SwitchingProtocols, socket.HttpStatusCode);
    }

    [Fact]
    public async Task Tokens_in_addresses_can_be_refused_and_clients_without_one_let_in()
    {
        await using var server = await PushStreamServer.StartAsync(options =>
        {
            options.AcceptTokenInQuery = false;
            options.AllowAnonymous = true;
        });
        (await server.AskAsync("/shortpoll/open-a")).Expect(304);
        (await server.AskAsync("/shortpoll/closed-a")).Expect(403);
        (await server.AskAsync("/shortpoll/open-a", ("Authorization", "Token unknown"))).Expect(401);
    }

    [Fact]
    public async Task Channels_without_permission_are_left_out_and_none_at_all_is_403()
    {
        var poll = await _server.ParkAsync("/longpoll/closed-a/unknown/open-a/conversation.200");
        using var socket = await _server.OpenAsync("/websocket/closed-a/open-a");
        await _server.PublishAsync("closed-a", "1");
        var message = await _server.PublishAsync("open-a", "2");
        Assert.Equal([message.Id], PushStreamServer.Ids((await poll).Expect(200).Body));
        Assert.Equal(message.Id, (await socket.ReadJsonAsync()).GetProperty("id").GetInt64());
        foreach (var transport in Transports)
        {
            var answer = await _server.AskAsync(
                $"/{transport}/closed-a/unknown", ("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13"), ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="));
            answer.Expect(403, """{"meta":{"status":403,"error":"PermissionError","error_message":"The token gives no permission for any of the channels."},"data":{}}""");
        }
    }

    [Fact]
    public async Task A_revoked_token_ends_what_it_opened()
    {
        using var socket = await _server.OpenAsync("/websocket/open-a");
        using var stream = await _server.FollowAsync("/eventsource/open-a");
        var poll = await _server.ParkAsync("/longpoll/open-a");
        _server.Revoke();
        Assert.Null(await socket.ReadTextAsync());
        Assert.Equal((WebSocketCloseStatus)3401, socket.CloseStatus);
        (await poll).Expect(403);
        await stream.ReadBodyAsync();
        (await _server.AskAsync("/longpoll/open-a")).Expect(401);
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("HEAD")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task Subscribers_only_get(string method)
    {
        foreach (var transport in Transports)
        {
            var answer = (await _server.SendAsync(method, $"/{transport}/open-a?auth_token=alice-token", key: null)).Expect(405, "");
            Assert.Equal("GET", answer.Header("Allow"));
        }
    }

    [Fact]
    public async Task Pages_of_other_origins_may_ask_and_read_the_cursor()
    {
        var preflight = (await _server.SendAsync("OPTIONS", "/longpoll/open-a", key: null, headers: [("Origin", "https://page.example")])).Expect(200, "");
        foreach (var answer in new[] { preflight, await _server.AskAsync("/shortpoll/open-a"), await _server.AskAsync("/shortpoll/ALL") })
        {
            Assert.Equal("*", answer.Header("Access-Control-Allow-Origin"));
            Assert.Equal("GET", answer.Header("Access-Control-Allow-Methods"));
            Assert.Equal("If-Modified-Since,If-None-Match,Etag,Event-Id,Event-Type,Last-Event-Id,Authorization", answer.Header("Access-Control-Allow-Headers"));
            Assert.Equal("Etag, Last-Modified, Retry-After", answer.Header("Access-Control-Expose-Headers"));
            Assert.Null(answer.Header("Access-Control-Allow-Credentials"));
        }
    }

    [Fact]
    public async Task Origins_can_be_listed()
    {
        await using var server = await PushStreamServer.StartAsync(options => options.AllowedOrigins.Add("https://app.example"));
        var listed = (await server.AskAsync("/shortpoll/open-a", ("Origin", "https://app.example"))).Expect(304);
        Assert.Equal(("https://app.example", "Origin"), (listed.Header("Access-Control-Allow-Origin"), listed.Header("Vary")));
        Assert.Null((await server.AskAsync("/shortpoll/open-a", ("Origin", "https://other.example"))).Expect(304).Header("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task The_token_is_in_no_log()
    {
        (await _server.AskAsync("/longpoll/ALL?auth_token=a-secret-of-mine")).Expect(401);
        using var socket = await _server.OpenAsync("/websocket/open-a");
        await socket.CloseAsync();
        Assert.DoesNotContain(_server.Logs.Warnings.Concat(_server.Logs.Errors), text => text.Contains("a-secret-of-mine", StringComparison.Ordinal) || text.Contains(PushStreamServer.Alice, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_client_that_asks_too_often_is_told_when_to_come_back()
    {
        await using var server = new PushStreamServer(limits: 3);
        await server.InitializeAsync();
        for (var i = 0; i < 3; i++)
        {
            (await server.AskAsync("/shortpoll/open-a")).Expect(304);
        }

        foreach (var transport in Transports)
        {
            var refused = (await server.AskAsync($"/{transport}/open-a?time=Thu, 01 Jan 2026 00:00:00 GMT&tag=7")).Expect(429);
            Assert.Equal(("60", "W/7"), (refused.Header("Retry-After"), refused.Header("ETag")));
        }

        (await server.AskAsync($"/shortpoll/open-a?auth_token={PushStreamServer.Bob}")).Expect(304);
    }

    [Fact]
    public async Task A_server_with_too_much_to_do_sends_clients_away()
    {
        await using var server = new PushStreamServer(isOverloaded: true);
        await server.InitializeAsync();
        foreach (var transport in Transports)
        {
            var refused = (await server.AskAsync($"/{transport}/open-a?time=Thu, 01 Jan 2026 00:00:00 GMT&tag=7")).Expect(503);
            Assert.Equal(("20", "W/7", "*"), (refused.Header("Retry-After"), refused.Header("ETag"), refused.Header("Access-Control-Allow-Origin")));
        }
    }
}
