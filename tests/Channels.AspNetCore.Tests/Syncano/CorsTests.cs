using Channels.AspNetCore.Tests.Support;
using Microsoft.AspNetCore.Builder;

namespace Channels.AspNetCore.Tests.Syncano;

public sealed class CorsTests(TestServer server, CorsTests.ListingServer listing)
    : IClassFixture<TestServer>, IClassFixture<CorsTests.ListingServer>
{
    [Theory]
    [InlineData("GET", "channels/", Keys.Admin, 200)]
    [InlineData("GET", "channels/", null, 403)]
    [InlineData("GET", "/v1/instances/nowhere/channels/", null, 404)]
    [InlineData("PUT", "channels/", null, 405)]
    [InlineData("OPTIONS", "channels/", null, 200)]
    public async Task Every_answer_to_another_origin_can_be_read(string method, string path, string? key, int status)
    {
        var answer = (await server.SendAsync(method, path, key, headers: ("Origin", "https://page.example"))).Expect(status);
        Assert.Equal("*", answer.Header("Access-Control-Allow-Origin"));
        Assert.Contains("X-Last-Id", answer.Header("Access-Control-Expose-Headers"), StringComparison.Ordinal);
        Assert.Null(answer.Header("Access-Control-Allow-Credentials"));
    }

    [Fact]
    public async Task Without_an_origin_there_is_nothing_to_allow() =>
        Assert.Null((await server.GetAsync("channels/")).Header("Access-Control-Allow-Origin"));

    [Fact]
    public async Task A_preflight_allows_methods_and_headers()
    {
        var answer = await server.SendAsync(
            "OPTIONS", "channels/x/publish/", key: null,
            headers: [("Origin", "https://page.example"), ("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "x-api-key")]);
        answer.Expect(200);
        Assert.Equal("*", answer.Header("Access-Control-Allow-Origin"));
        Assert.Equal("DELETE, GET, OPTIONS, PATCH, POST, PUT", answer.Header("Access-Control-Allow-Methods"));
        foreach (var name in new[] { "x-api-key", "x-user-key", "content-type", "accept", "authorization", "last-event-id" })
        {
            Assert.Contains(name, answer.Header("Access-Control-Allow-Headers"), StringComparison.Ordinal);
        }

        Assert.Equal("86400", answer.Header("Access-Control-Max-Age"));
    }

    [Fact]
    public async Task Listed_origins_get_credentials_and_others_nothing()
    {
        var listed = (await listing.SendAsync("GET", "channels/", headers: ("Origin", "https://app.example"))).Expect(200);
        Assert.Equal("https://app.example", listed.Header("Access-Control-Allow-Origin"));
        Assert.Equal("true", listed.Header("Access-Control-Allow-Credentials"));
        Assert.Equal("Origin", listed.Header("Vary"));

        var other = (await listing.SendAsync("GET", "channels/", headers: ("Origin", "https://evil.example"))).Expect(200);
        Assert.Null(other.Header("Access-Control-Allow-Origin"));
        Assert.Equal("Origin", other.Header("Vary"));

        var preflight = await listing.SendAsync(
            "OPTIONS", "channels/", key: null, headers: [("Origin", "https://evil.example"), ("Access-Control-Request-Method", "POST")]);
        Assert.Null(preflight.Expect(200).Header("Access-Control-Allow-Methods"));
    }

    public sealed class ListingServer : TestServer
    {
        protected override void Map(WebApplication app) => app.MapChannelEndpoints(options =>
        {
            options.AllowedOrigins.Add("https://app.example/");
            options.AllowAnyOrigin = false;
        });
    }
}
