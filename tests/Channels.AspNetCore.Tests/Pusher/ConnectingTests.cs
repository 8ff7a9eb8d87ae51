using System.Net.WebSockets;
using System.Text.Json;

namespace Channels.AspNetCore.Tests.Pusher;

public sealed class ConnectingTests(PusherTestServer server) : IClassFixture<PusherTestServer>
{
    [Fact]
    public async Task The_first_frame_names_the_connection()
    {
        using var client = await server.OpenAsync($"/app/{PusherTestServer.Key}?protocol=7&client=js&version=8.6.0&flash=false");

        var text = await client.ReadTextAsync();

        Assert.Matches(@"^\{""event"":""pusher:connection_established"",""data"":""\{\\""socket_id\\"":\\""\d{1,10}\.\d{1,10}\\"",\\""activity_timeout\\"":120\}""\}$", text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("protocol=4")]
    [InlineData("protocol=5&client=x")]
    [InlineData("protocol=6")]
    [InlineData("protocol=7&nonsense=%20")]
    public async Task Versions_that_are_served(string query)
    {
        using var client = await server.ConnectAsync(query: query);
        Assert.Empty(await client.SettleAsync());
    }

    [Theory]
    [InlineData("/app/unknown?protocol=7", 4001, "App key unknown not in this cluster. Did you forget to specify the cluster?")]
    [InlineData($"/app/{PusherTestServer.DisabledKey}?protocol=7", 4003, "Application disabled")]
    [InlineData($"/app/{PusherTestServer.TlsKey}?protocol=7", 4000, "Application only accepts TLS connections, reconnect using wss://")]
    [InlineData($"/app/{PusherTestServer.Key}/more?protocol=7", 4005, "Path not found")]
    [InlineData($"/app/{PusherTestServer.Key}?protocol=seven", 4006, "Invalid version string format")]
    [InlineData($"/app/{PusherTestServer.Key}?protocol=-1", 4006, "Invalid version string format")]
    [InlineData($"/app/{PusherTestServer.Key}?protocol=3", 4007, "Unsupported protocol version")]
    [InlineData($"/app/{PusherTestServer.Key}?protocol=8", 4007, "Unsupported protocol version")]
    public async Task Whoever_is_refused_is_told_by_a_frame_and_the_close_code(string path, int code, string reason)
    {
        using var client = await server.OpenAsync(path);

        var frame = await client.ReadAsync("pusher:error");
        Assert.Equal(code, frame.Data().GetProperty("code").GetInt32());
        Assert.Equal(reason, frame.Data().GetProperty("message").GetString());
        Assert.Null(await client.ReadTextAsync());
        Assert.Equal(((WebSocketCloseStatus)code, reason), (client.CloseStatus!.Value, client.CloseReason));
        await client.CloseAsync();
    }

    [Fact]
    public async Task One_client_more_than_the_quota_is_refused_until_one_leaves()
    {
        using var first = await server.ConnectAsync(PusherTestServer.SmallKey);
        var second = await server.ConnectAsync(PusherTestServer.SmallKey);

        using var third = await server.OpenAsync($"/app/{PusherTestServer.SmallKey}?protocol=7");
        Assert.Equal(4004, (await third.ReadToCloseAsync())!.Value.Data().GetProperty("code").GetInt32());

        await second.CloseAsync();
        await Testing.ChannelsTestHost.EventuallyAsync(() => server.Connections.Count < 2);
        using var fourth = await server.ConnectAsync(PusherTestServer.SmallKey);
    }

    [Fact]
    public async Task A_plain_request_is_no_connection()
    {
        var answer = await server.SendAsync("GET", $"/app/{PusherTestServer.Key}", key: null);
        answer.Expect(404, """{"error":"Not found","code":404}""");
    }

    [Fact]
    public async Task A_prefix_is_served_too()
    {
        using var client = await server.ConnectAsync(prefix: "/hub");
        await client.SubscribeAsync("prefixed");
        await server.TriggerAsync("prefixed", "e", "1");
        Assert.Equal("1", (await client.ReadAsync("e")).Text());
    }

    [Theory]
    [InlineData("""{"event":"pusher:ping","data":{}}""")]
    [InlineData("""{"event":"pusher:ping","data":"{}"}""")]
    [InlineData("""{"event":"pusher:ping"}""")]
    public async Task A_ping_is_answered(string ping)
    {
        using var client = await server.ConnectAsync();
        await client.SendAsync(ping);
        Assert.Equal("""{"event":"pusher:pong","data":{}}""", await client.ReadTextAsync());
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("nonsense", null)]
    [InlineData("[]", null)]
    [InlineData("{}", null)]
    [InlineData("\"pusher:ping\"", null)]
    [InlineData("""{"event":null}""", null)]
    [InlineData("""{"event":1}""", null)]
    [InlineData("""{"event":""}""", null)]
    [InlineData("""{"event":"pusher:subscribe"}""", null)]
    [InlineData("""{"event":"pusher:subscribe","data":null}""", null)]
    [InlineData("""{"event":"pusher:subscribe","data":"text"}""", null)]
    [InlineData("""{"event":"pusher:subscribe","data":{"channel":7}}""", null)]
    [InlineData("""{"event":"pusher:subscribe","data":{"channel":"\ud800"}}""", null)]
    [InlineData("""{"event":"pusher:unsubscribe","data":"news"}""", null)]
    [InlineData("""{"event":"pusher:unsubscribe","data":{"channel":"never"}}""", null)]
    [InlineData("""{"event":"pusher:unknown","data":{}}""", null)]
    [InlineData("""{"event":"pusher_internal:member_added","channel":"presence-a","data":{}}""", null)]
    [InlineData("""{"event":"other","channel":"a","data":{}}""", null)]
    [InlineData("""{"event":"xclient-a","channel":"private-a","data":{}}""", null)]
    [InlineData("""{"event":"pusher:signin"}""", 4009)]
    [InlineData("""{"event":"pusher:signin","data":{"auth":"x","user_data":7}}""", 4009)]
    public async Task Bad_frames_are_answered_and_disturb_nothing(string frame, int? code)
    {
        using var client = await server.ConnectAsync();
        await client.SendAsync(frame);

        var error = Assert.Single(await client.SettleAsync());
        Assert.Equal("pusher:error", error.Event());
        var given = error.Data().GetProperty("code");
        Assert.Equal(code, given.ValueKind == JsonValueKind.Null ? null : given.GetInt32());
        await client.SubscribeAsync("still-there");
    }

    [Fact]
    public async Task A_message_that_is_too_big_or_binary_closes_its_connection_only()
    {
        using var other = await server.ConnectAsync();
        using var big = await server.ConnectAsync();
        await big.SendAsync(new string(' ', 64 * 1024) + "{");
        await big.ReadToCloseAsync();
        Assert.Equal(WebSocketCloseStatus.MessageTooBig, big.CloseStatus);

        using var fits = await server.ConnectAsync();
        await fits.SendAsync(new string(' ', 64 * 1024 - 1) + "{");
        Assert.Equal("pusher:error", Assert.Single(await fits.SettleAsync()).Event());
        Assert.Empty(await other.SettleAsync());
    }
}
