using System.Collections.Concurrent;
using System.Security.Claims;
using System.Text;
using System.Text.Json;
using Channels.AspNetCore.Pusher;
using Channels.AspNetCore.Tests.Support;
using Microsoft.AspNetCore.Builder;

namespace Channels.AspNetCore.Tests.Pusher;

/// <summary>The ready-made endpoint that clients ask for leave, over HTTP.</summary>
public sealed class AuthEndpointTests : IAsyncLifetime
{
    private const string SocketId = "1234.1234";

    private readonly AuthServer _server = new();

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_private_channel_is_signed_as_documented()
    {
        (await AskAsync($"socket_id={SocketId}&channel_name=private-foobar")).Expect(
            200, $$"""{"auth":"{{PusherTestServer.Key}}:58df8b0c36d6982b82c3ecf6b4662e34fe8c25bba48f5369f135bf843651c3a4"}""");
        var asked = Assert.Single(_server.Asked);
        Assert.Equal((SocketId, "private-foobar"), (asked.SocketId, asked.Channel));
    }

    [Fact]
    public async Task A_member_is_signed_as_it_is_described()
    {
        var answer = (await AskAsync($"socket_id={SocketId}&channel_name=presence-foobar")).Expect(200);
        const string Member = """{"user_id":"7","user_info":{"name":"Zoë"}}""";
        Assert.Equal(Member, answer.Json.GetProperty("channel_data").GetString());
        Assert.Equal(Signed($"{SocketId}:presence-foobar:{Member}"), answer.Json.GetProperty("auth").GetString());
        Assert.Equal(2, answer.Json.EnumerateObject().Count());
    }

    [Fact]
    public async Task An_encrypted_channel_gets_its_key_too()
    {
        var answer = (await AskAsync($"socket_id={SocketId}&channel_name=private-encrypted-vault")).Expect(200);
        Assert.Equal(Signed($"{SocketId}:private-encrypted-vault"), answer.Json.GetProperty("auth").GetString());
        var secret = System.Security.Cryptography.SHA256.HashData([.. "private-encrypted-vault"u8, .. PusherTestServer.MasterKey]);
        Assert.Equal(Convert.ToBase64String(secret), answer.Json.GetProperty("shared_secret").GetString());
    }

    [Theory]
    [InlineData($"socket_id={SocketId}")]
    [InlineData($"socket_id={SocketId}&channel_name=")]
    public async Task A_user_is_signed_in(string form)
    {
        var answer = (await AskAsync(form)).Expect(200);
        const string User = """{"id":"7","user_info":{"name":"Zoë"},"watchlist":["8"]}""";
        Assert.Equal(User, answer.Json.GetProperty("user_data").GetString());
        Assert.Equal(Signed($"{SocketId}::user::{User}"), answer.Json.GetProperty("auth").GetString());
        Assert.Null(Assert.Single(_server.Asked).Channel);
    }

    [Fact]
    public async Task Whoever_is_denied_is_told_so()
    {
        (await AskAsync($"socket_id={SocketId}&channel_name=private-denied")).Expect(403, """{"error":"Forbidden","code":403}""");
        (await AskAsync($"socket_id={SocketId}&channel_name=presence-denied")).Expect(403);
    }

    [Theory]
    [InlineData("")]
    [InlineData("channel_name=private-a")]
    [InlineData("socket_id=&channel_name=private-a")]
    [InlineData("socket_id=1234&channel_name=private-a")]
    [InlineData("socket_id=1.2:x&channel_name=private-a")]
    [InlineData($"socket_id={SocketId}&channel_name=public")]
    [InlineData($"socket_id={SocketId}&channel_name=%23server-to-user-1")]
    [InlineData($"socket_id={SocketId}&channel_name=private-a%20b")]
    public async Task Nobody_is_asked_about_what_is_malformed(string form)
    {
        (await AskAsync(form)).Expect(400);
        Assert.Empty(_server.Asked);
    }

    [Fact]
    public async Task Other_forms_of_body_are_read_and_too_large_ones_are_not()
    {
        var json = TestServer.JsonBody($$"""{"socket_id":"{{SocketId}}","channel_name":"private-json"}""");
        (await PostAsync(json)).Expect(200);
        (await PostAsync(TestServer.Body("<a/>", "application/xml"))).Expect(400);
        var form = $"socket_id={SocketId}&channel_name=private-form&more=";
        (await AskAsync(form + new string('x', (16 * 1024) - form.Length))).Expect(200);
        (await AskAsync(form + new string('x', (16 * 1024) - form.Length + 1))).Expect(400);
        Assert.Equal(["private-json", "private-form"], _server.Asked.Select(asked => asked.Channel));
    }

    [Fact]
    public async Task Only_posts_are_answered()
    {
        var answer = (await _server.SendAsync("GET", $"/pusher/auth?socket_id={SocketId}&channel_name=private-a", key: null)).Expect(405);
        Assert.Equal("POST", answer.Header("Allow"));
    }

    [Fact]
    public async Task The_answer_opens_the_channel_to_the_client_that_asked()
    {
        using var client = await _server.ConnectAsync();
        foreach (var channel in new[] { "private-end", "presence-end" })
        {
            var answer = (await AskAsync($"socket_id={client.SocketId}&channel_name={channel}")).Expect(200).Json;
            var data = new Dictionary<string, string> { ["channel"] = channel };
            foreach (var field in answer.EnumerateObject())
            {
                data[field.Name] = field.Value.GetString()!;
            }

            await client.SendAsync(JsonSerializer.Serialize(new { @event = "pusher:subscribe", data }));
            await client.ReadAsync("pusher_internal:subscription_succeeded");
        }

        var user = (await AskAsync($"socket_id={client.SocketId}")).Expect(200).Json;
        await client.SendAsync(JsonSerializer.Serialize(new
        {
            @event = "pusher:signin",
            data = new { auth = user.GetProperty("auth").GetString(), user_data = user.GetProperty("user_data").GetString() },
        }));
        await client.ReadAsync("pusher:signin_success");
    }

    /// <summary>A page of another origin must not borrow the cookie of whoever looks at it.</summary>
    [Theory]
    [InlineData(null, null, "ann")]
    [InlineData("https://friend.example", null, "ann")]
    [InlineData("https://stranger.example", null, null)]
    [InlineData("https://stranger.example", "Bearer token", "ann")]
    public async Task An_identity_counts_where_it_was_meant(string? origin, string? authorization, string? user)
    {
        List<(string, string)> headers = [("X-Test-User", "ann")];
        headers.AddRange(origin is null ? [] : [("Origin", origin)]);
        headers.AddRange(authorization is null ? [] : [("Authorization", authorization)]);

        await PostAsync(Form($"socket_id={SocketId}&channel_name=private-a"), [.. headers]);

        Assert.Equal(user, Assert.Single(_server.Asked).User?.Identity?.Name);
    }

    [Fact]
    public async Task A_wrong_decision_is_an_error_of_the_application()
    {
        (await AskAsync($"socket_id={SocketId}", "/pusher/nameless")).Expect(500);
        (await AskAsync($"socket_id={SocketId}&channel_name=private-a", "/pusher/keyless")).Expect(500);
        (await AskAsync($"socket_id={SocketId}&channel_name=private-a", "/pusher/unknown")).Expect(500);
        Assert.Equal(3, _server.Logs.Errors.Count);
        _server.Logs.Clear();
    }

    private static string Signed(string text) => $"{PusherTestServer.Key}:{PusherTestServer.Hmac(text, PusherTestServer.Secret)}";

    private static ByteArrayContent Form(string form) => TestServer.Body(form, "application/x-www-form-urlencoded");

    private Task<Answer> AskAsync(string form, string path = "/pusher/auth") => _server.SendAsync("POST", path, key: null, content: Form(form));

    private Task<Answer> PostAsync(HttpContent content, params (string, string)[] headers) =>
        _server.SendAsync("POST", "/pusher/auth", key: null, content: content, headers: headers);

    private sealed class AuthServer : PusherTestServer
    {
        public AuthServer() => Configure = options => options.AllowedOrigins.Add("https://friend.example");

        public ConcurrentQueue<PusherAuthRequest> Asked { get; } = new();

        protected override void Map(WebApplication app)
        {
            app.Use((http, next) =>
            {
                if (http.Request.Headers["X-Test-User"].ToString() is { Length: > 0 } name)
                {
                    http.User = new ClaimsPrincipal(new ClaimsIdentity([new(ClaimTypes.Name, name)], "test"));
                }

                return next();
            });
            base.Map(app);
            app.MapPusherAuth("/pusher/auth", DecideAsync, Key, MasterKey);
            app.MapPusherAuth("/pusher/nameless", (_, _) => new(PusherAuthDecision.Allow), Key);
            app.MapPusherAuth("/pusher/keyless", (_, _) => new(PusherAuthDecision.Allow));
            app.MapPusherAuth("/pusher/unknown", (_, _) => new(PusherAuthDecision.Allow), "no-such-key");
        }

        private ValueTask<PusherAuthDecision> DecideAsync(PusherAuthRequest request, CancellationToken cancellationToken)
        {
            Asked.Enqueue(request);
            var zoe = new PresenceMember("7") { Info = Encoding.UTF8.GetBytes("""{"name":"Zoë"}""") };
            return new(request.Channel switch
            {
                null => PusherAuthDecision.AllowAs(zoe, ["8"]),
                var channel when channel.EndsWith("-denied", StringComparison.Ordinal) => PusherAuthDecision.Deny,
                var channel when channel.StartsWith("presence-", StringComparison.Ordinal) => PusherAuthDecision.AllowAs(zoe),
                _ => PusherAuthDecision.Allow,
            });
        }
    }
}
