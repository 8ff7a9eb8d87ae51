using Channels.AspNetCore.Bayeux;

namespace Channels.AspNetCore.Tests.Bayeux;

/// <summary>Source: docs/protocols/bayeux.md#rest-publish</summary>
public sealed class RestPublishTests
{
    private const string Path = "/v2/channel/publish/world/acme/game/team/one";

    [Fact]
    public async Task A_publish_is_answered_with_exactly_four_fields_and_passes_the_body_unchanged()
    {
        await using var server = await BayeuxServer.StartAsync();
        var client = await server.ConnectAsync();
        await client.SubscribeAsync("/world/acme/game/team/one");
        const string Body = """{"type":"chat", "subtype":"x","data":1.50,"unknown":null}""";

        var root = new Uri(server.BaseAddress, "/v2/channel/");
        (await server.SendAsync("POST", Path, key: null, json: Body)).Expect(
            200,
            $$"""{"message":"Message sent.","publishUrl":"{{root}}publish","cometUrl":"{{root}}subscribe","channel":"/world/acme/game/team/one"}""");

        Assert.Equal([Body], await client.ReceiveAsync(1));
    }

    [Fact]
    public async Task The_addresses_are_those_that_clients_know()
    {
        await using var server = await BayeuxServer.StartAsync(options => options.PublicUrl = "https://api.example/realtime/");

        var answer = (await server.SendAsync("POST", Path, key: null, json: "{}")).Expect(200);

        Assert.Equal("https://api.example/realtime/v2/channel/publish", answer.Json.GetProperty("publishUrl").GetString());
    }

    [Theory]
    [InlineData("meta/connect")]
    [InlineData("service/x")]
    [InlineData("a/*")]
    [InlineData("a/**")]
    [InlineData("a//b")]
    [InlineData("a%2Fb")]
    [InlineData("%C3%A9")]
    [InlineData("")]
    public async Task Only_broadcast_channels_can_be_published_to(string channel)
    {
        await using var server = await BayeuxServer.StartAsync();

        var answer = (await server.SendAsync("POST", $"/v2/channel/publish/{channel}", key: null, json: "{}")).Expect(400);

        Assert.Equal("The channel is not one that messages can be published to.", answer.Json.GetProperty("message").GetString());
    }

    [Theory]
    [InlineData("", 400)]
    [InlineData("not json", 400)]
    [InlineData("[]", 400)]
    [InlineData("1", 400)]
    [InlineData("{}x", 400)]
    [InlineData("{\"a\":\"\\ud800\"}", 400)]
    public async Task The_body_is_a_JSON_object(string body, int status)
    {
        await using var server = await BayeuxServer.StartAsync();

        (await server.SendAsync("POST", Path, key: null, json: body)).Expect(status, """{"message":"The body is not a JSON object."}""");
    }

    [Fact]
    public async Task Percent_decoding_applies_once()
    {
        await using var server = await BayeuxServer.StartAsync();

        var answer = (await server.SendAsync("POST", "/v2/channel/publish/a%20b/c", key: null, json: "{}")).Expect(200);

        Assert.Equal("/a b/c", answer.Json.GetProperty("channel").GetString());
        (await server.SendAsync("POST", "/v2/channel/publish/a%2520b", key: null, json: "{}")).Expect(400);
    }

    [Fact]
    public async Task Other_methods_and_one_byte_too_many_are_refused()
    {
        await using var server = await BayeuxServer.StartAsync(options => options.MaxRequestBytes = 1024);

        Assert.Equal("POST", (await server.SendAsync("GET", Path, key: null)).Expect(405).Header("Allow"));
        (await server.SendAsync("POST", Path, key: null, json: "{}".PadRight(1024))).Expect(200);
        (await server.SendAsync("POST", Path, key: null, json: "{}".PadRight(1025))).Expect(413, """{"message":"The message is too large."}""");
    }

    [Theory]
    [InlineData(null, "team", 401)]
    [InlineData("Bearer wrong", "team", 401)]
    [InlineData("Bearer stranger-token-0000", "team", 401)]
    [InlineData("Bearer alice-token", "team", 200)]
    [InlineData("Beareralice-token", "team", 200)]
    [InlineData("Bearer alice-token", "others", 403)]
    [InlineData("Bearer project-token-00000", "others", 200)]
    public async Task With_authorization_a_token_is_needed_that_is_good_for_the_channel(string? authorization, string group, int status)
    {
        await using var server = await BayeuxServer.StartAsync(RequireAuthorization);
        (string, string)[] headers = authorization is null ? [] : [("Authorization", authorization)];

        var answer = await server.SendAsync("POST", $"/v2/channel/publish/group/acme/game/{group}", key: null, json: "{}", headers: headers);

        answer.Expect(status);
        Assert.True(answer.Json.TryGetProperty("message", out _));
    }

    private static void RequireAuthorization(BayeuxOptions options)
    {
        options.AuthorizationRequired = true;
        options.Projects.Add(new() { Account = "acme", Project = "game", Keys = { "project" }, Users = { new() { Id = "1", Groups = { "team" } } } });
    }
}
