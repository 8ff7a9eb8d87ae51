using System.Net.WebSockets;
using System.Security.Claims;
using System.Text;
using System.Text.Json.Nodes;
using Channels.AspNetCore.SocketIo;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Channels.AspNetCore.Tests.SocketIo;

/// <summary>Whom the host's own authentication, by cookie or by bearer token, has let in is the caller of commands and of the application's handlers.</summary>
public sealed class IdentityTests : IAsyncLifetime
{
    private const string Listed = "https://app.example";
    private const string Foreign = "https://evil.example";
    private const string Known = """{"kind":"User","user":"ann"}""";
    private const string Unknown = """{"kind":"Anonymous","user":null}""";

    private readonly Server _server = new();

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData(null, true)]
    [InlineData(Listed, true)]
    [InlineData(Foreign, false)]
    public async Task A_cookie_counts_for_the_own_origin_and_listed_ones(string? origin, bool counts)
    {
        var cookie = (await _server.SendAsync("GET", "/sign-in", key: null)).Expect(200).Header("Set-Cookie")!.Split(';')[0];
        await ExpectAsync(counts, origin is null ? [("Cookie", cookie)] : [("Cookie", cookie), ("Origin", origin)]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(Foreign)]
    public async Task A_bearer_token_counts_from_everywhere(string? origin)
    {
        var header = ("Authorization", $"Bearer {_server.MakeToken(Server.Secret)}");
        await ExpectAsync(counts: true, origin is null ? [header] : [header, ("Origin", origin)]);
    }

    [Fact]
    public async Task A_forged_token_and_none_are_nobody()
    {
        await ExpectAsync(counts: false, ("Authorization", $"Bearer {_server.MakeToken("another secret of a sufficient length")}"));
        await ExpectAsync(counts: false, ("Cookie", "who=forged"));
        await ExpectAsync(counts: false);
    }

    [Fact]
    public async Task A_session_ends_with_the_token_that_opened_it()
    {
        using var client = await OpenAsync(("Authorization", $"Bearer {_server.MakeToken(Server.Secret)}"));
        _server.Time.Advance(Server.TokenLife);
        Assert.Equal(WebSocketCloseStatus.PolicyViolation, await client.ReadCloseAsync());
    }

    private async Task ExpectAsync(bool counts, params (string Name, string Value)[] headers)
    {
        using var client = await OpenAsync(headers);
        await client.SendAsync("""421["who"]""");
        Assert.Equal($"431[{(counts ? Known : Unknown)}]", await client.ReadAsync());
        await client.SendAsync("""422["subscribe",{"channel":"news:ann news:bob"}]""");
        ExpectSubscribed(counts, await client.ReadAsync());

        // The same by polling, where the first request says who it is.
        var polling = await PollingClient.OpenAsync(_server, "/speakap", 4, headers: headers);
        await polling.SendAsync("40", """421["who"]""", """422["subscribe",{"channel":"news:ann news:bob"}]""");
        var answers = await polling.ReadAsync(3);
        Assert.Equal($"431[{(counts ? Known : Unknown)}]", answers[1]);
        ExpectSubscribed(counts, answers[2]);
    }

    private static void ExpectSubscribed(bool counts, string? answer)
    {
        Assert.Contains(counts ? "\"channels\":[\"news:ann\"]" : "\"channels\":[]", answer, StringComparison.Ordinal);
        Assert.Contains(counts ? "\"news:bob\",\"code\":\"forbidden\"" : "\"news:bob\",\"code\":\"missing_token\"", answer, StringComparison.Ordinal);
    }

    private async Task<SocketClient> OpenAsync(params (string Name, string Value)[] headers)
    {
        var client = new SocketClient(await _server.ConnectAsync("/speakap/?EIO=4&transport=websocket", headers));
        Assert.StartsWith("0{", await client.ReadAsync(), StringComparison.Ordinal);
        await client.SendAsync("40");
        Assert.StartsWith("40{", await client.ReadAsync(), StringComparison.Ordinal);
        return client;
    }

    private sealed class Server : SocketIoServer
    {
        public const string Secret = "a secret of the host, which is long enough";

        public static readonly TimeSpan TokenLife = TimeSpan.FromSeconds(10);

        public string MakeToken(string secret) => new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Subject = new ClaimsIdentity([new("sub", "ann")]),
            Issuer = "host",
            Audience = "host",
            IssuedAt = Time.GetUtcNow().UtcDateTime,
            NotBefore = Time.GetUtcNow().UtcDateTime,
            Expires = (Time.GetUtcNow() + TokenLife).UtcDateTime,
            SigningCredentials = new(KeyOf(secret), SecurityAlgorithms.HmacSha256),
        });

        protected override void AddServices(WebApplicationBuilder builder, IChannelsBuilder channels)
        {
            base.AddServices(builder, channels);
            builder.Services.AddAuthentication("either")
                .AddPolicyScheme("either", null, options => options.ForwardDefaultSelector = http =>
                    http.Request.Headers.Authorization.Count > 0 ? JwtBearerDefaults.AuthenticationScheme : CookieAuthenticationDefaults.AuthenticationScheme)
                .AddCookie(options => options.Cookie.Name = "who")
                .AddJwtBearer(options => options.TokenValidationParameters = new()
                {
                    ValidIssuer = "host",
                    ValidAudience = "host",
                    IssuerSigningKey = KeyOf(Secret),
                    LifetimeValidator = (_, expires, _, _) => expires > Time.GetUtcNow().UtcDateTime,
                });
        }

        protected override void Configure(SocketIoOptions options)
        {
            options.AllowedOrigins.Add(Listed);
            options.On("who", (received, _) => new(new JsonObject { ["kind"] = received.Caller.Kind.ToString(), ["user"] = received.Caller.UserId }));
        }

        protected override void Map(WebApplication app)
        {
            app.UseAuthentication();
            app.MapGet("/sign-in", http => http.SignInAsync(
                CookieAuthenticationDefaults.AuthenticationScheme, new ClaimsPrincipal(new ClaimsIdentity([new("sub", "ann")], "cookie"))));
            base.Map(app);
        }

        private static SymmetricSecurityKey KeyOf(string secret) => new(Encoding.UTF8.GetBytes(secret));
    }
}
