using System.Text.Json;
using Channels.AspNetCore.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Channels.AspNetCore.Tests.PushStream;

/// <summary>Publishers and statistics, which are off unless the host maps them and says who may.</summary>
public sealed class PublishingTests : IAsyncLifetime
{
    private const string Json = "{\"channel\": \"open-\\u003C\\u00FC\\u003E\", \"published_messages\": 1, \"stored_messages\": 1, \"subscribers\": 0}\r\n";
    private const string Now = "Thu, 01 Jan 2026 00:00:00 GMT";

    private readonly Server _server = new();

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    public async Task What_is_published_is_told_and_arrives(string method)
    {
        using var socket = await _server.ConnectAsync("/websocket/open-a?auth_token=alice-token");
        var answer = await SendAsync(method, "/pub?id=open-a", """{"n":1}""");
        answer.Expect(200, "{\"channel\": \"open-a\", \"published_messages\": 1, \"stored_messages\": 1, \"subscribers\": 1}\r\n");
        Assert.Equal("application/json", answer.Header("Content-Type"));
        Assert.Equal("GET, POST, PUT, DELETE", answer.Header("Access-Control-Allow-Methods"));
        Assert.Equal("""{"n":1}""", (await socket.ReadJsonAsync()).GetProperty("message").GetRawText());
    }

    [Theory]
    [InlineData("plain text", "\"plain text\"")]
    [InlineData("{\"half\":", "\"{\\u0022half\\u0022:\"")]
    [InlineData("{} {}", "\"{} {}\"")]
    [InlineData("null", "null")]
    [InlineData("\"text\"", "\"text\"")]
    [InlineData("1e3", "1e3")]
    [InlineData("%", "\"%\"")]
    public async Task Json_stays_as_it_is_and_other_text_becomes_a_string(string body, string payload)
    {
        (await SendAsync("POST", "/pub?id=open-a", body)).Expect(200);
        var answer = (await _server.SendAsync("GET", $"/shortpoll/open-a?auth_token=alice-token&tag=0&time={Now}", key: null)).Expect(200);
        Assert.True(JsonElement.DeepEquals(JsonDocument.Parse(payload).RootElement, answer.Json.GetProperty("message")));
    }

    [Fact]
    public async Task Several_channels_get_a_message_each_in_one_go()
    {
        var answer = (await SendAsync("POST", "/pub?id=open-a/open-b/rooms.red", "1")).Expect(200);
        Assert.Equal(["open-a", "open-b", "rooms.red"], answer.Json.GetProperty("infos").EnumerateArray().Select(info => info.GetProperty("channel").GetString()));
        Assert.EndsWith("\"stored_messages\": 1, \"subscribers\": 0}\r\n]}\r\n", answer.Body, StringComparison.Ordinal);
        (await SendAsync("POST", "/pub?id=open-a/unknown", "2")).Expect(404);
        (await SendAsync("GET", "/pub?id=open-a")).Expect(200, "{\"channel\": \"open-a\", \"published_messages\": 1, \"stored_messages\": 1, \"subscribers\": 0}\r\n");
        (await SendAsync("GET", "/pub?id=open-a/unknown")).Expect(200);
        (await SendAsync("GET", "/pub?ID=open-b&id=open-a")).Expect(200, "{\"channel\": \"open-b\", \"published_messages\": 1, \"stored_messages\": 1, \"subscribers\": 0}\r\n");
        (await SendAsync("GET", "/channels-stats?id=open-b&id=ALL")).Expect(200, "{\"channel\": \"open-b\", \"published_messages\": 1, \"stored_messages\": 1, \"subscribers\": 0}\r\n");
    }

    [Theory]
    [InlineData("POST", "/pub", "1", 400, "No channel id provided.")]
    [InlineData("POST", "/pub?id=", "1", 400, "No channel id provided.")]
    [InlineData("POST", "/pub?id=open-a", "", 400, "Empty post requests are not allowed.")]
    [InlineData("POST", "/pub?id=ALL", "1", 403, "Channel id not authorized for this method.")]
    [InlineData("POST", "/pub?id=open-*", "1", 403, "Channel id not authorized for this method.")]
    [InlineData("POST", "/pub?id=unknown", "1", 404, "Channel not found.")]
    [InlineData("POST", "/pub?id=open-%00", "1", 400, "Channel id is not valid.")]
    [InlineData("GET", "/pub?id=unknown", null, 404, "Channel not found.")]
    [InlineData("DELETE", "/pub?id=unknown", null, 404, "Channel not found.")]
    [InlineData("DELETE", "/pub?id=*", null, 403, "Channel id not authorized for this method.")]
    [InlineData("GET", "/channels-stats?id=unknown", null, 404, "Channel not found.")]
    public async Task Mistakes_are_told_in_the_words_of_the_original(string method, string path, string? body, int status, string explain) =>
        Assert.Equal(explain, (await SendAsync(method, path, body)).Expect(status).Header("X-Nginx-PushStream-Explain"));

    [Fact]
    public async Task Bodies_are_bounded_and_are_text()
    {
        (await SendAsync("POST", "/pub?id=open-a", $"\"{new string('x', Server.MaxBytes - 2)}\"")).Expect(200);
        (await SendAsync("POST", "/pub?id=open-a", $"\"{new string('x', Server.MaxBytes - 1)}\"")).Expect(413);
        using var content = TestServer.Body([0xff], "text/plain");
        (await _server.SendAsync("POST", "/pub?id=open-a", key: null, content: content, headers: [("X-Publisher", "yes")])).Expect(400);
    }

    [Fact]
    public async Task A_channel_can_be_deleted_and_its_readers_are_told()
    {
        await _server.CreateAsync("stored", ChannelPermission.Subscribe);
        using var socket = await _server.ConnectAsync("/websocket/stored?auth_token=alice-token");
        Assert.Equal("Channel deleted.", (await SendAsync("DELETE", "/pub?id=stored")).Expect(200, "").Header("X-Nginx-PushStream-Explain"));
        Assert.Equal(-2, (await socket.ReadJsonAsync()).GetProperty("id").GetInt64());
        (await SendAsync("PATCH", "/pub?id=stored")).Expect(405, "");
    }

    [Fact]
    public async Task Statistics_count_messages_and_readers()
    {
        await _server.PublishAsync("open-a", "1");
        using var socket = await _server.ConnectAsync("/websocket/open-a/open-b?auth_token=alice-token");
        await _server.CreateAsync("stored");
        _server.Time.Advance(TimeSpan.FromSeconds(152));
        var summary = (await SendAsync("GET", "/channels-stats")).Expect(200).Json;
        Assert.Equal((3, 1, 2, 152), (Number(summary, "channels"), Number(summary, "stored_messages"), Number(summary, "subscribers"), Number(summary, "uptime")));
        Assert.Equal(Environment.ProcessId.ToString(), summary.GetProperty("by_worker")[0].GetProperty("pid").GetString());
        Assert.Equal("2026-01-01T00:02:32", summary.GetProperty("time").GetString());
        Assert.Equal("open-a open-b stored", Names(await SendAsync("GET", "/channels-stats?id=ALL")));
        Assert.Equal("open-a open-b", Names(await SendAsync("GET", "/channels-stats?id=open-*")));
        Assert.Equal("open-b stored", Names(await SendAsync("GET", "/channels-stats?id=open-b/stored/unknown")));
        (await SendAsync("GET", "/channels-stats?id=open-b")).Expect(200, "{\"channel\": \"open-b\", \"published_messages\": 0, \"stored_messages\": 0, \"subscribers\": 1}\r\n");
        (await SendAsync("POST", "/channels-stats", "1")).Expect(405);
    }

    [Fact]
    public async Task Published_messages_count_from_the_start_of_the_process_and_stored_ones_are_those_that_are_kept()
    {
        for (var i = 0; i < 5; i++)
        {
            (await SendAsync("POST", "/pub?id=open-short", $"{i}")).Expect(200);
        }

        (await SendAsync("GET", "/pub?id=open-short")).Expect(200, "{\"channel\": \"open-short\", \"published_messages\": 5, \"stored_messages\": 2, \"subscribers\": 0}\r\n");
        var summary = (await SendAsync("GET", "/channels-stats")).Expect(200).Json;
        Assert.Equal((5, 2), (Number(summary, "published_messages"), Number(summary, "stored_messages")));
        (await SendAsync("DELETE", "/pub?id=open-short")).Expect(200, "");
        (await SendAsync("GET", "/pub?id=open-short")).Expect(200, "{\"channel\": \"open-short\", \"published_messages\": 0, \"stored_messages\": 0, \"subscribers\": 0}\r\n");
        Assert.Equal(5, Number((await SendAsync("GET", "/channels-stats")).Expect(200).Json, "published_messages"));
    }

    [Fact]
    public async Task Lists_have_every_channel_that_holds_messages_or_has_readers()
    {
        await _server.CreateAsync("stored");
        await _server.CreateAsync("parlours", type: ChannelType.SeparateRooms);
        foreach (var name in new[] { "open-a", "rooms.red", "rooms.blue", "parlours.east", "open-gone" })
        {
            (await SendAsync("POST", $"/pub?id={name}", "1")).Expect(200);
        }

        (await SendAsync("DELETE", "/pub?id=open-gone")).Expect(200);
        using var socket = await _server.ConnectAsync("/websocket/open-read?auth_token=alice-token");
        Assert.Equal("open-a open-read parlours.east rooms.blue rooms.red stored", Names(await SendAsync("GET", "/channels-stats?id=ALL")));
        Assert.Equal("rooms.blue rooms.red", Names(await SendAsync("GET", "/channels-stats?id=rooms.*")));
        Assert.Equal("rooms.red", Names(await SendAsync("GET", "/channels-stats?id=rooms.r*")));
        (await SendAsync("GET", "/channels-stats?id=rooms")).Expect(200, "{\"channel\": \"rooms\", \"published_messages\": 2, \"stored_messages\": 2, \"subscribers\": 0}\r\n");

        // What has expired is no longer there; who reads still is.
        _server.Time.Advance(TimeSpan.FromDays(2));
        Assert.Equal("open-read stored", Names(await SendAsync("GET", "/channels-stats?id=ALL")));
    }

    [Theory]
    [InlineData("open-a")]
    [InlineData("rooms.red")]
    public async Task What_a_template_gives_can_be_emptied_and_its_readers_are_told(string name)
    {
        (await SendAsync("POST", $"/pub?id={name}", "1")).Expect(200);
        using var socket = await _server.ConnectAsync($"/websocket/{name}/open-b?auth_token=alice-token&tag=0&time={Now}");
        Assert.Equal(name, (await socket.ReadJsonAsync()).GetProperty("channel").GetString());
        Assert.Equal("Channel deleted.", (await SendAsync("DELETE", $"/pub?id={name}")).Expect(200, "").Header("X-Nginx-PushStream-Explain"));
        var notice = await socket.ReadJsonAsync();
        Assert.Equal((-2, name), (notice.GetProperty("id").GetInt64(), notice.GetProperty("channel").GetString()));
        (await SendAsync("DELETE", $"/pub?id={name}")).Expect(404);

        // The socket goes on with its other channel, and the name is there again.
        (await SendAsync("POST", $"/pub?id={name}/open-b", "2")).Expect(200);
        Assert.Equal("open-b", (await socket.ReadJsonAsync()).GetProperty("channel").GetString());
        var rest = (await _server.SendAsync("GET", $"/shortpoll/{name}?auth_token=alice-token&tag=0&time={Now}", key: null)).Expect(200);
        Assert.Equal("2", rest.Json.GetProperty("message").GetRawText());
    }

    [Theory]
    [InlineData("text/plain", "text/plain; charset=utf-8", "channel: open-<ü>\r\npublished_messages: 1\r\nstored_messages: 1\r\nactive_subscribers: 0\r\n")]
    [InlineData("application/yaml", "application/yaml", "channel: \"open-\\u003C\\u00FC\\u003E\"\r\npublished_messages: 1\r\nstored_messages: 1\r\nsubscribers: 0\r\n")]
    [InlineData("text/x-yaml", "text/x-yaml; charset=utf-8", "channel: \"open-\\u003C\\u00FC\\u003E\"\r\npublished_messages: 1\r\nstored_messages: 1\r\nsubscribers: 0\r\n")]
    [InlineData(
        "application/xml",
        "application/xml",
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<channel>\r\n  <name>open-&lt;ü&gt;</name>\r\n  <published_messages>1</published_messages>\r\n  <stored_messages>1</stored_messages>\r\n  <subscribers>0</subscribers>\r\n</channel>\r\n")]
    [InlineData("text/x-json", "text/x-json; charset=utf-8", Json)]
    [InlineData("application/json", "application/json", Json)]
    [InlineData("*/*", "application/json", Json)]
    [InlineData("application/*", "application/json", Json)]
    [InlineData("image/png", "application/json", Json)]
    [InlineData("image/png, TEXT/X-JSON;q=0.5", "text/x-json; charset=utf-8", Json)]
    [InlineData("application/xml;q=0.2, text/x-json;q=0.3", "text/x-json; charset=utf-8", Json)]
    [InlineData("text/plain;q=0", "application/json", Json)]
    [InlineData("*/*, text/plain;q=0.9", "application/json", Json)]
    [InlineData("this is, no; header=\u0001", "application/json", Json)]
    public async Task The_form_is_the_one_that_the_request_likes_best(string accept, string type, string body)
    {
        (await SendAsync("POST", "/pub?id=open-%3C%C3%BC%3E", "1")).Expect(200);
        foreach (var path in new[] { "/channels-stats", "/pub" })
        {
            var answer = (await _server.SendAsync(
                "GET", $"{path}?id=open-%3C%C3%BC%3E", key: null, headers: [("X-Publisher", "yes"), ("Accept", accept)])).Expect(200, body);
            Assert.Equal((type, "Accept"), (answer.Header("Content-Type"), answer.Header("Vary")));
        }
    }

    [Theory]
    [InlineData("text/plain", "infos:\r\n  channel: open-a\r\n  published_messages: 1\r\n  stored_messages: 1\r\n  active_subscribers: 0\r\n\r\n  channel: open-b\r\n", "by_worker:\r\n  pid: {0}\r\n  subscribers: 0\r\n  uptime: 152\r\n\r\n")]
    [InlineData("application/yaml", "infos:\r\n- channel: \"open-a\"\r\n  published_messages: 1\r\n  stored_messages: 1\r\n  subscribers: 0\r\n- channel: \"open-b\"\r\n", "by_worker:\r\n- pid: \"{0}\"\r\n  subscribers: 0\r\n  uptime: 152\r\n")]
    [InlineData("application/xml", "  <infos>\r\n    <channel>\r\n      <name>open-a</name>\r\n", "  <by_worker>\r\n    <worker>\r\n      <pid>{0}</pid>\r\n      <subscribers>0</subscribers>\r\n      <uptime>152</uptime>\r\n    </worker>\r\n  </by_worker>\r\n</root>\r\n")]
    public async Task Lists_and_summaries_have_these_forms_too(string accept, string infos, string workers)
    {
        (await SendAsync("POST", "/pub?id=open-a/open-b", "1")).Expect(200);
        _server.Time.Advance(TimeSpan.FromSeconds(152));
        (string, string)[] headers = [("X-Publisher", "yes"), ("Accept", accept)];
        var list = (await _server.SendAsync("GET", "/channels-stats?id=ALL", key: null, headers: headers)).Expect(200).Body;
        Assert.Contains(infos, list, StringComparison.Ordinal);
        var summary = (await _server.SendAsync("GET", "/channels-stats", key: null, headers: headers)).Expect(200).Body;
        Assert.EndsWith(string.Format(System.Globalization.CultureInfo.InvariantCulture, workers, Environment.ProcessId), summary, StringComparison.Ordinal);
        if (accept == "application/xml")
        {
            Assert.Equal(["open-a", "open-b"], System.Xml.Linq.XDocument.Parse(list).Descendants("name").Select(name => name.Value));
            Assert.Equal("2", System.Xml.Linq.XDocument.Parse(summary).Root!.Element("published_messages")!.Value);
        }
    }

    [Fact]
    public async Task A_reader_can_go_on_behind_the_id_that_a_publisher_gave()
    {
        foreach (var (channel, id) in new[] { ("open-a", "first"), ("open-b", null), ("open-a", "the second"), ("open-b", null), ("open-a", "third") })
        {
            await PublishAsync(channel, id);
        }

        Assert.Equal(2, (await PollAsync("open-a", "first")).Count);
        Assert.Equal(["open-b", "open-a"], (await PollAsync("open-a/open-b", "the second")).Select(message => message.GetProperty("channel").GetString()));
        Assert.Empty(await PollAsync("open-a", "third"));
        Assert.Empty(await PollAsync("open-a", "unknown"));
        Assert.Empty(await PollAsync("open-b", "first"));

        // Whichever comes first.
        Assert.Equal(3, (await PollAsync("open-a", "the second", $"&tag=0&time={Now}")).Count);
        Assert.Equal(2, (await PollAsync("open-a", "first", "&time=Thu, 01 Jan 2099 00:00:00 GMT")).Count);
        Assert.Equal(3, (await PollAsync("open-a.b3", "third")).Count);
        using var socket = await _server.ConnectAsync("/websocket/open-a?auth_token=alice-token", ("Last-Event-Id", "the second"));
        Assert.Equal("third", (await socket.ReadJsonAsync()).GetProperty("message").GetString());
    }

    [Fact]
    public async Task The_type_of_an_event_is_its_name_on_other_front_ends()
    {
        using var content = TestServer.Body("1", "text/plain");
        (await _server.SendAsync("POST", "/pub?id=open-a", key: null, content: content, headers: [("X-Publisher", "yes"), ("Event-Type", "greeting")])).Expect(200);
        Assert.Equal("greeting", Assert.Single((await _server.Channels.ReadHistoryAsync("open-a").Within()).Messages).Event);
        (await PublishAsync("open-a", new('x', 980))).Expect(200);
        (await PublishAsync("open-a", new('x', 1100))).Expect(400);
    }

    [Fact]
    public async Task Nobody_gets_through_unless_the_mapping_says_who_may()
    {
        foreach (var path in new[] { "/open/pub?id=open-a", "/open/stats" })
        {
            (await SendAsync("GET", path)).Expect(403);
            (await SendAsync("DELETE", path)).Expect(403);
        }

        (await _server.SendAsync("GET", "/channels-stats", key: null)).Expect(403);
        (await _server.SendAsync("POST", "/pub?id=open-a", key: null, json: "1")).Expect(403);
        Assert.Empty((await _server.Channels.ReadHistoryAsync("open-a").Within()).Messages);
    }

    private async Task<Answer> PublishAsync(string channel, string? eventId)
    {
        using var content = TestServer.Body(eventId is null or { Length: > 100 } ? "1" : $"\"{eventId}\"", "text/plain");
        return await _server.SendAsync("POST", $"/pub?id={channel}", key: null, content: content, headers: [("X-Publisher", "yes"), ("Event-Id", eventId ?? "")]);
    }

    private async Task<IReadOnlyList<JsonElement>> PollAsync(string channels, string lastEventId, string query = "")
    {
        var answer = await _server.SendAsync(
            "GET", $"/shortpoll/{channels}?auth_token=alice-token{query}", key: null, headers: [("Last-Event-Id", lastEventId)]);
        return answer.Body.Length == 0 ? [] : PushStreamServer.Objects(answer.Expect(200).Body);
    }

    private static string Names(Answer answer) =>
        string.Join(' ', answer.Expect(200).Json.GetProperty("infos").EnumerateArray().Select(info => info.GetProperty("channel").GetString()));

    private static int Number(JsonElement summary, string name) => summary.GetProperty(name).GetInt32();

    private async Task<Answer> SendAsync(string method, string path, string? body = null)
    {
        using var content = body is null ? null : TestServer.Body(body, "text/plain");
        return await _server.SendAsync(method, path, key: null, content: content, headers: [("X-Publisher", "yes")]);
    }

    private sealed class Server : TestServer
    {
        public const int MaxBytes = 1000;

        protected override void ConfigureEngine(ChannelsOptions options)
        {
            Keys.Add(options);
            options.Users[0].Tokens.Add("alice-token");
        }

        protected override void AddServices(WebApplicationBuilder builder, IChannelsBuilder channels)
        {
            builder.Services.AddAuthorizationBuilder().AddPolicy("publishers", policy => policy.RequireAssertion(
                context => context.Resource is Microsoft.AspNetCore.Http.HttpContext http && http.Request.Headers["X-Publisher"] == "yes"));
            builder.Services.AddAuthentication().AddScheme<Microsoft.AspNetCore.Authentication.AuthenticationSchemeOptions, NoIdentity>("none", null);
            channels
                .AddPushStream(options => options.Instance = Keys.Instance)
                .AddChannel("open-short", channel => channel.Retain(count: 2).Others(ChannelPermission.Subscribe))
                .AddChannel("open-*", channel => channel.Others(ChannelPermission.Subscribe))
                .AddChannel("rooms", channel => channel.SeparateRooms().Others(ChannelPermission.Subscribe));
        }

        protected override void Map(WebApplication app)
        {
            app.UseAuthorization();
            app.MapPushStreamEndpoints();
            app.MapPushStreamPublisher(configure: options => options.MaxPublishBytes = MaxBytes).RequireAuthorization("publishers");
            app.MapPushStreamStatistics().RequireAuthorization("publishers");
            app.MapPushStreamPublisher("/open/pub");
            app.MapPushStreamStatistics("/open/stats");
        }
    }

    private sealed class NoIdentity(
        Microsoft.Extensions.Options.IOptionsMonitor<Microsoft.AspNetCore.Authentication.AuthenticationSchemeOptions> options,
        Microsoft.Extensions.Logging.ILoggerFactory logger,
        System.Text.Encodings.Web.UrlEncoder encoder)
        : Microsoft.AspNetCore.Authentication.AuthenticationHandler<Microsoft.AspNetCore.Authentication.AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<Microsoft.AspNetCore.Authentication.AuthenticateResult> HandleAuthenticateAsync() =>
            Task.FromResult(Microsoft.AspNetCore.Authentication.AuthenticateResult.NoResult());

        protected override Task HandleChallengeAsync(Microsoft.AspNetCore.Authentication.AuthenticationProperties properties)
        {
            Response.StatusCode = 403;
            return Task.CompletedTask;
        }
    }
}
