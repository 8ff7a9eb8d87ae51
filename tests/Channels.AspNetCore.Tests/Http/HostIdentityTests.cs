using System.Security.Claims;
using System.Text.Encodings.Web;
using Channels.AspNetCore.Tests.Support;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Channels.AspNetCore.Tests.Http;

/// <summary>When the identity of the host's own authentication counts.</summary>
public sealed class HostIdentityTests(HostIdentityTests.Server server) : IClassFixture<HostIdentityTests.Server>
{
    private const string Listed = "https://app.example";
    private const string Foreign = "https://evil.example";

    private string Own => server.BaseAddress.GetLeftPart(UriPartial.Authority);

    [Fact]
    public async Task A_signed_in_user_publishes_and_polls_without_a_key()
    {
        await server.CreateAsync("signed", ChannelPermission.Publish);
        var answer = await server.SendAsync("POST", "channels/signed/publish/", key: null, json: "{}", headers: [("Cookie", "who=ann"), ("Origin", Own)]);
        Assert.Equal("""{"user":"ann"}""", answer.Expect(201).Json.GetProperty("author").GetRawText());
        (await server.SendAsync("GET", "channels/signed/poll/?last_id=0", key: null, headers: ("Cookie", "who=ann"))).Expect(200);
    }

    [Theory]
    [InlineData(null, null, 200)]
    [InlineData("own", null, 200)]
    [InlineData("own", "same-origin", 200)]
    [InlineData(Listed, "cross-site", 200)]
    [InlineData(Foreign, null, 403)]
    [InlineData(Foreign, "cross-site", 403)]
    [InlineData("null", null, 403)]
    [InlineData("http://127.0.0.1", null, 403)]
    [InlineData("https://127.0.0.1:1", null, 403)]
    [InlineData("garbage", null, 403)]
    [InlineData(null, "same-origin", 200)]
    [InlineData(null, "none", 200)]
    [InlineData(null, "same-site", 403)]
    [InlineData(null, "cross-site", 403)]
    public async Task A_cookie_counts_for_the_own_origin_and_listed_ones(string? origin, string? site, int status)
    {
        List<(string, string)> headers = [("Cookie", "who=ann")];
        if (origin is not null)
        {
            headers.Add(("Origin", origin == "own" ? Own : origin));
        }

        if (site is not null)
        {
            headers.Add(("Sec-Fetch-Site", site));
        }

        (await server.SendAsync("GET", "channels/", key: null, headers: [.. headers])).Expect(status);
    }

    [Theory]
    [InlineData("application/json", 201)]
    [InlineData("text/plain", 403)]
    [InlineData("application/x-www-form-urlencoded", 403)]
    [InlineData("text/html", 403)]
    public async Task A_cookie_never_counts_for_what_a_form_can_send(string type, int status)
    {
        await server.Channels.Catalog.CreateAsync(new() { Name = "forms", OtherPermission = ChannelPermission.Publish, ClientsMayPublish = true });
        var body = TestServer.Body(type.EndsWith("urlencoded", StringComparison.Ordinal) ? "payload=%7B%7D" : "{}", type);
        (await server.SendAsync("POST", "channels/forms/publish/", key: null, content: body, headers: [("Cookie", "who=ann"), ("Origin", Own)])).Expect(status);
    }

    [Fact]
    public async Task A_cookie_never_counts_for_a_method_named_in_a_body()
    {
        var body = TestServer.Body("""{"_method":"GET"}""", "text/plain");
        (await server.SendAsync("POST", "channels/", key: null, content: body, headers: ("Cookie", "who=ann"))).Expect(403);
    }

    [Theory]
    [InlineData("Bearer ann", 200)]
    [InlineData("bearer ann", 200)]
    [InlineData("Basic ann", 403)]
    [InlineData("Negotiate ann", 403)]
    public async Task A_bearer_token_counts_from_everywhere_and_what_browsers_attach_does_not(string authorization, int status) =>
        (await server.SendAsync("GET", "channels/", key: null, headers: [("Authorization", authorization), ("Origin", Foreign)])).Expect(status);

    [Fact]
    public async Task What_browsers_attach_counts_for_the_own_origin()
    {
        (await server.SendAsync("GET", "channels/", key: null, headers: [("Authorization", "Basic ann"), ("Origin", Own)])).Expect(200);
        (await server.SendAsync("GET", "channels/", key: null, headers: ("Authorization", "Negotiate ann"))).Expect(200);

        // Another scheme is a key, whatever else came along.
        (await server.SendAsync("GET", "channels/", key: null, headers: [("Authorization", "token unknown"), ("Cookie", "who=ann")])).Expect(403);
        (await server.SendAsync("POST", "channels/", key: null, json: """{"name":"by-key"}""", headers: [("Authorization", $"token {Keys.Admin}"), ("Cookie", "who=ann")])).Expect(201);
    }

    [Fact]
    public async Task A_bearer_token_that_the_host_does_not_know_is_taken_for_a_key()
    {
        (await server.SendAsync("GET", "channels/", key: null, headers: ("Authorization", "Bearer"))).Expect(403);
        (await server.SendAsync("GET", "channels/", key: null, headers: ("Authorization", "Bearer unknown")))
            .Expect(403, """{"detail":"No such API Key."}""");
        (await server.SendAsync("GET", "channels/", key: null, headers: ("Authorization", $"Bearer {Keys.Admin}"))).Expect(200);
    }

    [Fact]
    public async Task Keys_count_whatever_the_origin()
    {
        (await server.SendAsync("GET", "channels/", headers: [("Origin", Foreign), ("Cookie", "who=ann")])).Expect(200);
        (await server.SendAsync("GET", $"channels/?api_key={Keys.Admin}", key: null, headers: ("Origin", Foreign))).Expect(200);
    }

    [Theory]
    [InlineData("own", 101)]
    [InlineData(Listed, 101)]
    [InlineData(Foreign, 403)]
    public async Task Sockets_check_the_origin_too(string origin, int status)
    {
        await server.Channels.Catalog.CreateAsync(new() { Name = "sockets", OtherPermission = ChannelPermission.Subscribe });
        using var socket = new System.Net.WebSockets.ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        socket.Options.SetRequestHeader("Origin", origin == "own" ? Own : origin);
        socket.Options.SetRequestHeader("Cookie", "who=ann");
        var address = new UriBuilder(new Uri(server.BaseAddress, $"{TestServer.Root}/stream/?channel=sockets")) { Scheme = "ws" }.Uri;
        try
        {
            await socket.ConnectAsync(address, default).Within();
        }
        catch (System.Net.WebSockets.WebSocketException)
        {
            // The status tells.
        }

        Assert.Equal(status, (int)socket.HttpStatusCode);
    }

    [Fact]
    public async Task A_stream_ends_with_the_identity_that_opened_it()
    {
        await server.CreateAsync("brief", ChannelPermission.Subscribe);
        using var socket = await server.ConnectAsync("stream/?channel=brief", ("Authorization", "Bearer brief"));
        Assert.NotNull(await socket.ReadTextAsync());
        server.Time.Advance(TimeSpan.FromMinutes(10));
        Assert.Null(await socket.ReadTextAsync());
        Assert.Equal(4001, (int)socket.CloseStatus!);
        Assert.Equal("credentials expired", socket.CloseStatusDescription);
    }

    [Fact]
    public async Task A_token_of_a_query_is_tried_when_the_host_established_nothing()
    {
        (await server.SendAsync("GET", "channels/?access_token=carol-token", key: null)).Expect(200);
        (await server.SendAsync("GET", "channels/?access_token=unknown", key: null)).Expect(403, """{"detail":"Invalid token."}""");
    }

    public sealed class Server : TestServer
    {
        protected override void ConfigureEngine(ChannelsOptions options)
        {
            base.ConfigureEngine(options);
            options.Users.Add(new() { Id = "carol", Instance = Keys.Instance, Secret = "e000000000000000000000000000000000000004", Tokens = { "carol-token" } });
        }

        protected override void AddServices(WebApplicationBuilder builder, IChannelsBuilder channels) =>
            builder.Services.AddAuthentication("Test").AddScheme<AuthenticationSchemeOptions, Handler>("Test", null);

        protected override void Map(WebApplication app)
        {
            app.UseAuthentication();
            app.MapChannelEndpoints(options => options.AllowedOrigins.Add(Listed));
        }
    }

    /// <summary>Believes a cookie and the second word of an authorization; the user "brief" for ten minutes only.</summary>
    public sealed class Handler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        private static readonly string[] Known = ["ann", "brief"];

        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            var who = Request.Cookies["who"] ?? Request.Headers.Authorization.ToString().Split(' ').Last();
            if (!Known.Contains(who))
            {
                return Task.FromResult(AuthenticateResult.NoResult());
            }

            var principal = new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", who)], "Test"));
            var properties = new AuthenticationProperties
            {
                ExpiresUtc = who == "brief" ? TimeProvider.GetUtcNow() + TimeSpan.FromMinutes(10) : null,
            };
            return Task.FromResult(AuthenticateResult.Success(new(principal, properties, "Test")));
        }
    }
}
