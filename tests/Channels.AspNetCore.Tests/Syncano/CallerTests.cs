using Channels.AspNetCore.Tests.Support;

namespace Channels.AspNetCore.Tests.Syncano;

/// <summary>Where keys travel, and what is said when they are wrong.</summary>
public sealed class CallerTests(TestServer server) : IClassFixture<TestServer>
{
    private const string Wrong = "f000000000000000000000000000000000000000";
    private const string NoKey = """{"detail":"No such API Key."}""";
    private const string Forbidden = """{"detail":"You do not have permission to perform this action."}""";

    [Theory]
    [InlineData(Wrong)]
    [InlineData(Keys.Foreign)]
    [InlineData("short")]
    [InlineData("ключ")]
    public async Task An_unknown_or_foreign_key_is_refused(string key)
    {
        (await server.SendAsync("GET", $"channels/?api_key={Uri.EscapeDataString(key)}", key: null)).Expect(403, NoKey);
        (await server.SendAsync("POST", "channels/", key: null, json: $$"""{"_api_key":"{{key}}"}""")).Expect(403, NoKey);
    }

    [Theory]
    [InlineData("channels/", null)]
    [InlineData("channels/", Keys.Api)]
    public async Task No_key_and_a_key_without_a_user_may_do_nothing(string path, string? key)
    {
        (await server.GetAsync(path, key)).Expect(403, Forbidden);
        (await server.SendAsync("GET", path, key, user: Wrong)).Expect(403, Forbidden);
    }

    [Theory]
    [InlineData("X-API-KEY", Keys.Admin)]
    [InlineData("x-api-key", "A000000000000000000000000000000000000000")]
    [InlineData("Authorization", $"token {Keys.Admin}")]
    [InlineData("Authorization", $"Token {Keys.Admin}")]
    [InlineData("Authorization", $"whatever {Keys.Admin}")]
    public async Task Keys_travel_in_headers(string name, string value) =>
        (await server.SendAsync("GET", "channels/", key: null, headers: (name, value))).Expect(200);

    [Theory]
    [InlineData(Keys.Admin)]
    [InlineData($"token  {Keys.Admin}")]
    [InlineData($"a b {Keys.Admin}")]
    [InlineData("token ")]
    [InlineData("")]
    public async Task A_malformed_authorization_counts_as_absent(string value) =>
        (await server.SendAsync("GET", "channels/", key: null, headers: ("Authorization", value))).Expect(403, Forbidden);

    [Theory]
    [InlineData($"api_key={Keys.Api}&user_key={Keys.Bob}")]
    [InlineData($"apikey={Keys.Api}&userkey={Keys.Bob}")]
    [InlineData($"api_key=&apikey={Keys.Api}&user_key=&userkey={Keys.Bob}")]
    public async Task Keys_travel_in_the_query(string query) =>
        (await server.GetAsync($"channels/?{query}", key: null)).Expect(200);

    [Fact]
    public async Task Keys_travel_in_bodies()
    {
        await server.CreateAsync("bodies", ChannelPermission.Publish);
        var both = $$"""{"_api_key":"{{Keys.Api}}","_user_key":"{{Keys.Bob}}","payload":{} }""";
        var answer = await server.PostAsync("channels/bodies/publish/", both, key: null);
        Assert.Equal("""{"api_key":1,"user":2}""", answer.Expect(201).Json.GetProperty("author").GetRawText());
        var userOnly = await server.PostAsync("channels/bodies/publish/", $$"""{"_user_key":"{{Keys.Alice}}"}""", Keys.Api);
        Assert.Equal("""{"api_key":1,"user":1}""", userOnly.Expect(201).Json.GetProperty("author").GetRawText());
        (await server.PostAsync("channels/bodies/publish/", $"[\"{Keys.Api}\"]", key: null)).Expect(403, Forbidden);
        (await server.PostAsync("channels/bodies/publish/", """{"_api_key":5}""", key: null)).Expect(403, NoKey);
        (await server.PostAsync("channels/bodies/publish/", """{"_api_key":{} }""", key: null)).Expect(403, Forbidden);
    }

    [Fact]
    public async Task The_first_place_wins()
    {
        (await server.GetAsync($"channels/?api_key={Wrong}")).Expect(200);
        (await server.SendAsync("GET", $"channels/?api_key={Wrong}&apikey={Keys.Admin}", key: null)).Expect(403, NoKey);
        (await server.SendAsync("GET", $"channels/?apikey={Keys.Admin}", key: null, headers: ("Authorization", $"token {Wrong}"))).Expect(200);
        (await server.SendAsync("POST", "channels/", json: $$"""{"_api_key":"{{Wrong}}","name":"first"}""")).Expect(201);
        (await server.GetAsync($"channels/?user_key={Wrong}", Keys.Api, Keys.Bob)).Expect(200);
        (await server.GetAsync($"channels/?user_key={Wrong}&userkey={Keys.Bob}", Keys.Api)).Expect(403, Forbidden);
    }

    [Fact]
    public async Task Plain_text_may_name_the_method()
    {
        await server.CreateAsync("tricks");
        async Task<Answer> Text(string path, string body) =>
            await server.SendAsync("POST", path, key: null, content: TestServer.Body(body, "text/plain;charset=UTF-8"));

        var auth = $"\"_api_key\":\"{Keys.Admin}\"";
        (await Text("channels/tricks/", $$$"""{{{{auth}}},"_method":"GET"}""")).Expect(200);
        (await Text("channels/tricks/", $$$"""{{{{auth}}},"_method":"PATCH","description":"d"}""")).Expect(200);
        Assert.Contains("\"description\":\"d\"", (await server.GetAsync("channels/tricks/")).Body, StringComparison.Ordinal);
        (await Text("channels/tricks/publish/", $$$"""{{{{auth}}},"payload":{"a":1}}""")).Expect(201);
        (await Text("channels/tricks/poll/?last_id=0", $$$"""{{{{auth}}},"_method":"GET"}""")).Expect(200);
        (await Text("channels/", $$$"""{{{{auth}}},"_method":"POST","name":"tricks2"}""")).Expect(201);
        (await Text("channels/tricks/", $$$"""{{{{auth}}},"_method":"DELETE"}""")).Expect(204);
        (await Text("channels/tricks2/", $$$"""{{{{auth}}},"_method":"get"}""")).Expect(405, """{"detail":"Method \"POST\" not allowed."}""");
        (await Text("channels/tricks2/", $$$"""{{{{auth}}},"_method":"OPTIONS"}""")).Expect(405);
        (await Text("channels/", $$$"""{{{{auth}}},"_method":"DELETE"}""")).Expect(405, """{"detail":"Method \"DELETE\" not allowed."}""");
        (await Text("channels/tricks2/", "[1]")).Expect(405);
        (await Text("channels/", "not json")).Expect(403, Forbidden);
        (await server.SendAsync("POST", "channels/", content: TestServer.Body("not json", "text/plain"))).Expect(400);

        // Only plain text: another type could not be sent without asking first, so it does not need the trick.
        (await server.PostAsync("channels/tricks2/", """{"_method":"DELETE"}""")).Expect(405);
        (await server.GetAsync("channels/tricks2/")).Expect(200);
    }
}
