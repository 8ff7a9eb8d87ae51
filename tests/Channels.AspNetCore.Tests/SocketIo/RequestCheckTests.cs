using System.Net.WebSockets;

namespace Channels.AspNetCore.Tests.SocketIo;

/// <summary>The checks of a request in their order, and the headers of every answer.</summary>
public sealed class RequestCheckTests(SocketIoServer server) : IClassFixture<SocketIoServer>
{
    [Theory]
    [InlineData("GET", "EIO=4", 0, "Transport unknown")]
    [InlineData("GET", "EIO=4&transport=abc", 0, "Transport unknown")]
    [InlineData("GET", "transport=abc&sid=none", 0, "Transport unknown")]
    [InlineData("GET", "EIO=4&transport=polling&sid=none", 1, "Session ID unknown")]
    [InlineData("GET", "EIO=4&transport=polling&sid=__proto__", 1, "Session ID unknown")]
    [InlineData("POST", "EIO=4&transport=polling&sid=none", 1, "Session ID unknown")]
    [InlineData("POST", "EIO=4&transport=polling", 2, "Bad handshake method")]
    [InlineData("PUT", "EIO=4&transport=polling", 2, "Bad handshake method")]
    [InlineData("POST", "transport=polling", 2, "Bad handshake method")]
    [InlineData("GET", "EIO=4&transport=websocket", 3, "Bad request")]
    [InlineData("GET", "transport=websocket", 3, "Bad request")]
    [InlineData("GET", "transport=polling", 5, "Unsupported protocol version")]
    [InlineData("GET", "EIO=abc&transport=polling", 5, "Unsupported protocol version")]
    [InlineData("GET", "EIO=5&transport=polling", 5, "Unsupported protocol version")]
    public async Task A_wrong_request_gets_its_number(string method, string query, int code, string message)
    {
        var answer = (await server.SendAsync(method, $"/engine.io/?{query}", key: null, headers: ("Origin", "https://a.example"))).Expect(
            400, $$"""{"code":{{code}},"message":"{{message}}"}""");

        Assert.Equal("application/json", answer.Header("Content-Type"));
        Assert.Equal("https://a.example", answer.Header("Access-Control-Allow-Origin"));
        Assert.Equal("true", answer.Header("Access-Control-Allow-Credentials"));
        Assert.Equal("Origin", answer.Header("Vary"));
        Assert.Equal("no-store", answer.Header("Cache-Control"));
    }

    [Theory]
    [InlineData("/engine.io")]
    [InlineData("/engine.io/")]
    [InlineData("/engine.io/below")]
    public async Task The_path_is_matched_by_its_beginning(string path) =>
        (await server.SendAsync("GET", $"{path}?EIO=4&transport=polling", key: null)).Expect(200);

    [Fact]
    public async Task A_session_takes_only_its_own_revision_and_transport()
    {
        var client = await PollingClient.OpenAsync(server, "/engine.io", 4);

        (await server.SendAsync("GET", client.Query.Replace("EIO=4", "EIO=3", StringComparison.Ordinal), key: null))
            .Expect(400, """{"code":3,"message":"Bad request"}""");
        (await server.SendAsync("GET", client.Query.Replace("polling", "websocket", StringComparison.Ordinal), key: null))
            .Expect(400, """{"code":3,"message":"Bad request"}""");
        (await server.SendAsync("GET", client.Query + "&j=0", key: null)).Expect(400);
        (await server.SendAsync("PUT", client.Query, key: null)).Expect(500, "");
        await client.SendAsync("4still there");
        Assert.Equal(["4still there"], await client.ReadAsync());
    }

    [Fact]
    public async Task Upgrades_are_refused_in_plain_text()
    {
        var answer = (await server.SendAsync(
            "GET",
            "/engine.io/?EIO=4&transport=websocket&sid=none",
            key: null,
            headers: [("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13"), ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")]))
            .Expect(400, "Session ID unknown");

        Assert.Equal("text/html", answer.Header("Content-Type"));
        Assert.Equal("close", answer.Header("Connection"));
    }

    [Fact]
    public async Task A_preflight_gets_what_it_asks_for()
    {
        var answer = (await server.SendAsync(
            "OPTIONS", "/engine.io/?EIO=4&transport=polling", key: null, headers: [("Origin", "https://a.example"), ("Access-Control-Request-Headers", "x-own")])).Expect(204);

        Assert.Equal("https://a.example", answer.Header("Access-Control-Allow-Origin"));
        Assert.Equal("x-own", answer.Header("Access-Control-Allow-Headers"));
        Assert.Contains("POST", answer.Header("Access-Control-Allow-Methods"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Old_browsers_are_told_not_to_see_attacks()
    {
        var answer = await server.SendAsync("GET", "/engine.io/?EIO=3&transport=polling", key: null, headers: ("User-Agent", "x Trident/7.0"));

        Assert.Equal("0", answer.Header("X-XSS-Protection"));
    }

    [Fact]
    public async Task Pages_of_other_origins_may_be_kept_away()
    {
        await using var strict = new StrictServer();
        await strict.InitializeAsync();
        const string Path = "/speakap/?EIO=4&transport=polling";

        (await strict.SendAsync("GET", Path, key: null, headers: ("Origin", "https://evil.example"))).Expect(403, """{"code":4,"message":"Forbidden"}""");
        var listed = (await strict.SendAsync("GET", Path, key: null, headers: ("Origin", "https://app.example"))).Expect(200);
        Assert.Equal("https://app.example", listed.Header("Access-Control-Allow-Origin"));
        (await strict.SendAsync("GET", Path, key: null)).Expect(200);
        var preflight = (await strict.SendAsync("OPTIONS", Path, key: null, headers: ("Origin", "https://evil.example"))).Expect(204);
        Assert.Null(preflight.Header("Access-Control-Allow-Origin"));
        await Assert.ThrowsAsync<WebSocketException>(() => strict.ConnectAsync(
            "/speakap/?EIO=4&transport=websocket", ("Origin", "https://evil.example")).Within());
    }

    private sealed class StrictServer : SocketIoServer
    {
        protected override void Configure(AspNetCore.SocketIo.SocketIoOptions options)
        {
            options.AllowAnyOrigin = false;
            options.AllowedOrigins.Add("https://app.example");
        }
    }
}
