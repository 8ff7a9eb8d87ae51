using System.Text;
using System.Text.Json;
using Channels.AspNetCore.Tests.Support;

namespace Channels.AspNetCore.Tests.Pusher;

public sealed class FallbackTests : IAsyncLifetime
{
    private const string Query = "?protocol=7&client=js&version=8.6.0&t=1&n=1";

    private readonly PusherTestServer _server = new();

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_stream_carries_events_as_they_come()
    {
        using var stream = await OpenStreamAsync("0/aaaaaaaa");
        Assert.Equal("application/javascript", stream.Response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(new string('h', 2048), await stream.ReadLineAsync());
        Assert.Equal("o", await stream.ReadLineAsync());
        Assert.Equal("pusher:connection_established", (await stream.ReadEventAsync()).Event());
        (await SendAsync("0/aaaaaaaa", """{"event":"pusher:subscribe","data":{"channel":"http"}}""")).Expect(204, "");
        await stream.ReadEventAsync();
        await _server.TriggerAsync("http", "e", """{"ü":"\""}""");
        Assert.Equal("""{"ü":"\""}""", (await stream.ReadEventAsync()).Text());
        _server.Time.Advance(TimeSpan.FromSeconds(25));
        Assert.Equal("h", await stream.ReadLineAsync());

        // The client's own sign of life is not answered.
        (await SendAsync("0/aaaaaaaa")).Expect(204);
        (await SendAsync("0/aaaaaaaa", """{"event":"pusher:ping"}""")).Expect(204);
        Assert.Equal("pusher:pong", (await stream.ReadEventAsync()).Event());
    }

    [Fact]
    public async Task A_session_is_opened_once_however_many_streams_it_has()
    {
        using (var first = await OpenStreamAsync("1/bbbbbbbb"))
        {
            await first.SkipAsync(2);
            await first.ReadEventAsync();
            await SendAsync("1/bbbbbbbb", """{"event":"pusher:subscribe","data":{"channel":"again"}}""");
            await first.ReadEventAsync();
            using var second = await OpenStreamAsync("1/bbbbbbbb");
            Assert.Equal("""c[2010,"Another connection still open"]""", await second.ReadLineAsync());
        }

        using var next = await OpenNextStreamAsync("1/bbbbbbbb");
        await _server.TriggerAsync("again", "still-subscribed", "1");
        Assert.Equal("still-subscribed", (await next.ReadEventAsync()).Event());
    }

    /// <summary>The client opens the next stream by itself once it has read more than 256 KiB of one, counted in characters.</summary>
    [Theory]
    [InlineData('x')]
    [InlineData('ü')]
    public async Task Nothing_is_lost_when_the_client_changes_to_the_next_stream(char letter)
    {
        var data = new string(letter, 5_000);
        using var first = await OpenStreamAsync("9/kkkkkkkk");
        var read = (await first.ReadLineAsync())!.Length + (await first.ReadLineAsync())!.Length + 2;
        read += (await first.ReadLineAsync())!.Length + 1;
        await SendAsync("9/kkkkkkkk", """{"event":"pusher:subscribe","data":{"channel":"long"}}""");
        read += (await first.ReadLineAsync())!.Length + 1;
        var sent = 0;
        for (; read <= 256 * 1024; sent++)
        {
            await _server.TriggerAsync("long", $"e{sent}", data);
            var line = (await first.ReadLineAsync())!;
            Assert.Equal($"e{sent}", StreamLines.Event(line).Event());
            read += line.Length + 1;
        }

        // From here on the client reads no more of the first stream, which is still open; and it is not told that this is one too many.
        await _server.TriggerAsync("long", $"e{sent}", data);
        using var next = await OpenStreamAsync("9/kkkkkkkk");
        Assert.Equal(new string('h', 2048), await next.ReadLineAsync());
        Assert.Equal($"e{sent}", (await next.ReadEventAsync()).Event());
        Assert.Null(await first.ReadLineAsync());
        await _server.TriggerAsync("long", "last", data);
        Assert.Equal("last", (await next.ReadEventAsync()).Event());
    }

    [Fact]
    public async Task A_stream_that_the_client_never_ends_is_ended_at_its_limit()
    {
        await using var small = new PusherTestServer { Configure = options => options.MaxStreamBytes = 512 * 1024 };
        await small.InitializeAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/pusher/app/{PusherTestServer.Key}/0/llllllll/xhr_streaming{Query}");
        using var response = await small.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).Within();
        using var stream = new StreamLines(response, new StreamReader(await response.Content.ReadAsStreamAsync(), Encoding.UTF8));
        var read = 0;
        for (var i = 0; i < 3; i++)
        {
            read += (await stream.ReadLineAsync())!.Length + 1;
        }

        (await small.SendAsync(
            "POST",
            $"/pusher/app/{PusherTestServer.Key}/0/llllllll/xhr_send?t=1&n=2",
            key: null,
            content: TestServer.JsonBody(JsonSerializer.Serialize(new[] { """{"event":"pusher:subscribe","data":{"channel":"long"}}""" })))).Expect(204);
        read += (await stream.ReadLineAsync())!.Length + 1;
        var hasRested = false;
        while (true)
        {
            await small.TriggerAsync("long", "e", new string('x', 10_000));
            if (read > 256 * 1024 && !hasRested)
            {
                // Others change to the next stream here, and are given a second to do so.
                small.Time.Advance(TimeSpan.FromSeconds(1));
                hasRested = true;
            }

            if (await stream.ReadLineAsync() is not { } line)
            {
                break;
            }

            read += line.Length + 1;
        }

        Assert.InRange(read, 500 * 1024, 540 * 1024);
    }

    [Fact]
    public async Task Polls_carry_what_is_due_or_wait()
    {
        Assert.Equal("o\n", (await PollAsync("2/cccccccc")).Expect(200).Body);
        Assert.Contains("connection_established", (await PollAsync("2/cccccccc")).Body, StringComparison.Ordinal);
        await SendAsync("2/cccccccc", """{"event":"pusher:subscribe","data":{"channel":"polled"}}""", """{"event":"pusher:ping"}""");
        var both = (await PollAsync("2/cccccccc")).Body.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["pusher_internal:subscription_succeeded", "pusher:pong"], both.Select(line => StreamLines.Event(line).Event()));

        var waiting = PollAsync("2/cccccccc");
        await _server.TriggerAsync("polled", "e", "1");
        Assert.Equal("e", StreamLines.Event((await waiting).Body.TrimEnd('\n')).Event());

        // Once one of two is refused, the other one waits.
        Task<Answer>[] polls = [PollAsync("2/cccccccc"), PollAsync("2/cccccccc")];
        var refused = await Task.WhenAny(polls).Within();
        Assert.StartsWith("c[2010,", (await refused).Body, StringComparison.Ordinal);
        _server.Time.Advance(TimeSpan.FromSeconds(25));
        Assert.Equal("h\n", (await polls.Single(poll => poll != refused)).Body);
    }

    [Fact]
    public async Task Whoever_does_not_come_back_is_gone()
    {
        using var watcher = await _server.ConnectAsync();
        await watcher.SubscribeAsync("presence-http", "watcher");
        await PollAsync("3/dddddddd");
        var welcome = StreamLines.Event((await PollAsync("3/dddddddd")).Body.TrimEnd('\n'));
        var socketId = welcome.Data().GetProperty("socket_id").GetString()!;
        var authorization = PusherTestServer.Authorizer.AuthorizePresence(socketId, "presence-http", new PresenceMember("7"));
        await SendAsync("3/dddddddd", JsonSerializer.Serialize(new
        {
            @event = "pusher:subscribe",
            data = new { channel = "presence-http", auth = authorization.Auth, channel_data = authorization.ChannelData },
        }));
        await watcher.ReadAsync("pusher_internal:member_added");

        _server.Time.Advance(TimeSpan.FromSeconds(4));
        await PollAsync("3/dddddddd");
        _server.Time.Advance(TimeSpan.FromSeconds(4));
        Assert.Empty(await watcher.SettleAsync());
        _server.Time.Advance(TimeSpan.FromSeconds(1));
        await watcher.ReadAsync("pusher_internal:member_removed");
        (await SendAsync("3/dddddddd")).Expect(404);
        Assert.Equal("o\n", (await PollAsync("3/dddddddd")).Body);
    }

    [Theory]
    [InlineData("unknown", 4001)]
    [InlineData(PusherTestServer.DisabledKey, 4003)]
    [InlineData(PusherTestServer.TlsKey, 4000)]
    public async Task Whoever_is_refused_is_told_by_a_close(string key, int code)
    {
        var answer = (await PollAsync("4/eeeeeeee", key)).Expect(200);
        Assert.StartsWith($"o\nc[{code},\"", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_is_closed_learns_why()
    {
        using var stream = await OpenStreamAsync("5/ffffffff");
        await stream.SkipAsync(2);
        await stream.ReadEventAsync();
        var draining = _server.DrainAsync();
        Assert.Equal("""c[4200,"Please reconnect immediately"]""", await stream.ReadLineAsync());
        Assert.Null(await stream.ReadLineAsync());
        await draining.Within();
    }

    [Fact]
    public async Task A_client_that_is_closed_between_two_polls_learns_why_too()
    {
        await PollAsync("8/jjjjjjjj");
        var welcome = StreamLines.Event((await PollAsync("8/jjjjjjjj")).Body.TrimEnd('\n'));
        Assert.True(await _server.Connections.DisconnectAsync(welcome.Data().GetProperty("socket_id").GetString()!));

        Assert.Equal("c[4009,\"You got disconnected by the app.\"]\n", (await PollAsync("8/jjjjjjjj")).Body);
        (await SendAsync("8/jjjjjjjj")).Expect(404);
        while ((await PollAsync("8/jjjjjjjj")).Body != "o\n")
        {
            _server.Time.Advance(TimeSpan.FromSeconds(5));
        }
    }

    [Theory]
    [InlineData("", 400)]
    [InlineData("nonsense", 400)]
    [InlineData("{}", 400)]
    [InlineData("[7]", 400)]
    [InlineData("[\"\\ud800\"]", 400)]
    [InlineData("[] []", 400)]
    [InlineData("[]", 204)]
    [InlineData("[\"nonsense\"]", 204)]
    public async Task Bad_sends_are_refused(string body, int status)
    {
        await PollAsync("6/gggggggg");
        (await PostAsync("6/gggggggg", "xhr_send", TestServer.JsonBody(body))).Expect(status);
    }

    [Fact]
    public async Task As_many_messages_as_permitted_and_not_one_more()
    {
        await PollAsync("7/hhhhhhhh");
        (await PostAsync("7/hhhhhhhh", "xhr_send", TestServer.JsonBody(Many(100)))).Expect(204);
        (await PostAsync("7/hhhhhhhh", "xhr_send", TestServer.JsonBody(Many(101)))).Expect(400);
        (await PostAsync("7/hhhhhhhh", "xhr_send", TestServer.JsonBody("[]" + new string(' ', (64 * 1024) - 2)))).Expect(204);
        (await PostAsync("7/hhhhhhhh", "xhr_send", TestServer.JsonBody("[]" + new string(' ', (64 * 1024) - 1)))).Expect(413);

        static string Many(int count) => $"[{string.Join(',', Enumerable.Repeat("\"x\"", count))}]";
    }

    [Theory]
    [InlineData("0000/aaaaaaaa/xhr")]
    [InlineData("0/aaaaaaa/xhr")]
    [InlineData("0/aaaaaaaaa/xhr")]
    [InlineData("0/aaaaaaaa/jsonp")]
    public async Task Other_paths_are_none(string path) =>
        (await _server.SendAsync("POST", $"/pusher/app/{PusherTestServer.Key}/{path}", key: null)).Expect(404);

    [Fact]
    public async Task Browsers_of_any_origin_may_use_it()
    {
        var path = $"/pusher/app/{PusherTestServer.Key}/0/iiiiiiii/xhr";
        var preflight = (await _server.SendAsync(
            "OPTIONS", path, key: null, headers: [("Origin", "https://app.example"), ("Access-Control-Request-Method", "POST")])).Expect(204);
        Assert.Equal("*", preflight.Header("Access-Control-Allow-Origin"));
        Assert.Contains("POST", preflight.Header("Access-Control-Allow-Methods"), StringComparison.Ordinal);
        Assert.Contains("content-type", preflight.Header("Access-Control-Allow-Headers"), StringComparison.Ordinal);
        var answer = await _server.SendAsync("POST", path, key: null, headers: [("Origin", "https://app.example")]);
        Assert.Equal("*", answer.Header("Access-Control-Allow-Origin"));
        (await _server.SendAsync("GET", path, key: null)).Expect(405);
    }

    private Task<Answer> PollAsync(string session, string key = PusherTestServer.Key) => PostAsync(session, $"xhr{Query}", content: null, key);

    private Task<Answer> SendAsync(string session, params string[] messages) =>
        PostAsync(session, "xhr_send?t=1&n=2", TestServer.JsonBody(JsonSerializer.Serialize(messages)));

    private Task<Answer> PostAsync(string session, string transport, HttpContent? content, string key = PusherTestServer.Key) =>
        _server.SendAsync("POST", $"/pusher/app/{key}/{session}/{transport}", key: null, content: content);

    private async Task<StreamLines> OpenStreamAsync(string session)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/pusher/app/{PusherTestServer.Key}/{session}/xhr_streaming{Query}");
        var response = await _server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).Within();
        return new(response, new StreamReader(await response.Content.ReadAsStreamAsync(), Encoding.UTF8));
    }

    /// <summary>Opens the next stream once the server has noticed that the one before is gone.</summary>
    private async Task<StreamLines> OpenNextStreamAsync(string session)
    {
        while (true)
        {
            var stream = await OpenStreamAsync(session);
            var line = await stream.ReadLineAsync();
            if (line == new string('h', 2048))
            {
                return stream;
            }

            Assert.StartsWith("c[2010", line, StringComparison.Ordinal);
            stream.Dispose();
        }
    }
}
