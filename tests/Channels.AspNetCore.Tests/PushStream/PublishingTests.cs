using System.Text.Json;
using Channels.AspNetCore.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Channels.AspNetCore.Tests.PushStream;

/// <summary>Publishers and statistics, which are off unless the host maps them and says who may.</summary>
public sealed class PublishingTests : IAsyncLifetime
{
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
        string Names(Answer answer) => string.Join(' ', answer.Expect(200).Json.GetProperty("infos").EnumerateArray().Select(info => info.GetProperty("channel").GetString()));
        Assert.Equal("open-a open-b stored", Names(await SendAsync("GET", "/channels-stats?id=ALL")));
        Assert.Equal("open-a open-b", Names(await SendAsync("GET", "/channels-stats?id=open-*")));
        Assert.Equal("open-b stored", Names(await SendAsync("GET", "/channels-stats?id=open-b/stored/unknown")));
        (await SendAsync("GET", "/channels-stats?id=open-b")).Expect(200, "{\"channel\": \"open-b\", \"published_messages\": 0, \"stored_messages\": 0, \"subscribers\": 1}\r\n");
        (await SendAsync("POST", "/channels-stats", "1")).Expect(405);
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
