using Channels.AspNetCore.Tests.Support;

namespace Channels.AspNetCore.Tests.Syncano;

/// <summary>Which of several errors wins, and the catalogue of the rest.</summary>
public sealed class OrderOfChecksTests(TestServer server) : IClassFixture<TestServer>
{
    private const string Nowhere = "/v1.1/instances/nowhere";

    [Theory]
    [InlineData("GET", "channels/")]
    [InlineData("POST", "channels/")]
    [InlineData("GET", "channels/x/")]
    [InlineData("GET", "channels/x/poll/")]
    [InlineData("POST", "channels/x/publish/")]
    [InlineData("GET", "channels/x/history/")]
    [InlineData("GET", "channels/x/history/1/")]
    [InlineData("GET", "stream/?channel=x")]
    [InlineData("POST", "messages/")]
    [InlineData("POST", "connect-tickets/")]
    public async Task An_unknown_instance_comes_before_authentication(string method, string path)
    {
        (await server.SendAsync(method, $"{Nowhere}/{path}", key: null)).Expect(404, """{"detail":"Instance was not found."}""");
        (await server.SendAsync(method, $"{Nowhere}/{path}", key: "wrong")).Expect(404);
    }

    [Theory]
    [InlineData("channels/nothing/history/")]
    [InlineData("channels/nothing/history/1/")]
    public async Task An_unknown_parent_comes_before_authentication(string path) =>
        (await server.GetAsync(path, key: null)).Expect(404, """{"detail":"Channel was not found."}""");

    [Fact]
    public async Task Instances_and_channels_have_no_case()
    {
        await server.CreateAsync("cases");
        (await server.GetAsync("/v1/instances/DEMO-Instance/channels/CASES/")).Expect(200);
        var answer = await server.GetAsync("/v1/instances/DEMO-Instance/channels/CASES");
        Assert.Contains("\"self\":\"/v1/instances/demo-instance/channels/cases/\"", answer.Expect(200).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("channels/", "PUT", "GET, POST, HEAD, OPTIONS")]
    [InlineData("channels/", "DELETE", "GET, POST, HEAD, OPTIONS")]
    [InlineData("channels/x/", "POST", "GET, PUT, PATCH, DELETE, HEAD, OPTIONS")]
    [InlineData("channels/x/poll/", "POST", "GET, OPTIONS")]
    [InlineData("channels/x/poll/", "HEAD", "GET, OPTIONS")]
    [InlineData("channels/x/publish/", "GET", "POST, OPTIONS")]
    [InlineData("channels/x/history/", "POST", "GET, HEAD, OPTIONS")]
    [InlineData("channels/x/history/1/", "DELETE", "GET, HEAD, OPTIONS")]
    [InlineData("stream/", "POST", "GET, OPTIONS")]
    [InlineData("messages/", "GET", "POST, OPTIONS")]
    [InlineData("connect-tickets/", "PATCH", "POST, OPTIONS")]
    [InlineData("channels/", "BREW", "GET, POST, HEAD, OPTIONS")]
    public async Task A_wrong_method_is_told_what_is_allowed(string path, string method, string allow)
    {
        var answer = await server.SendAsync(method, path);
        answer.Expect(405, method == "HEAD" ? "" : $$"""{"detail":"Method \"{{method}}\" not allowed."}""");
        Assert.Equal(allow, answer.Header("Allow"));
    }

    [Theory]
    [InlineData("channels/")]
    [InlineData("channels/x/poll/")]
    [InlineData("channels/x/publish/")]
    [InlineData("stream/")]
    public async Task Options_needs_no_key(string path)
    {
        var answer = await server.SendAsync("OPTIONS", path, key: null);
        Assert.StartsWith("{", answer.Expect(200).Body, StringComparison.Ordinal);
        Assert.Contains("OPTIONS", answer.Header("Allow"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Head_is_get_without_a_body()
    {
        var answer = await server.SendAsync("HEAD", "channels/", Keys.Viewer);
        answer.Expect(200, "");
        Assert.True(long.Parse(answer.Header("Content-Length")!, System.Globalization.CultureInfo.InvariantCulture) > 0);
    }

    [Theory]
    [InlineData("text/html", """{"detail":"Unsupported media type \"text/html\" in request."}""")]
    [InlineData("application/xml; charset=utf-8", """{"detail":"Unsupported media type \"application/xml; charset=utf-8\" in request."}""")]
    [InlineData(null, """{"detail":"Unsupported media type \"\" in request."}""")]
    public async Task Other_media_types_are_refused_after_authentication(string? type, string error)
    {
        await server.Channels.Catalog.CreateAsync(new() { Name = "media", ClientsMayPublish = true });
        HttpContent Body() => TestServer.Body("{}"u8.ToArray(), type);
        (await server.SendAsync("POST", "channels/", content: Body())).Expect(415, error);
        (await server.SendAsync("PUT", "channels/media/", content: Body())).Expect(415, error);
        (await server.SendAsync("POST", "channels/media/publish/", content: Body())).Expect(415, error);
        (await server.SendAsync("POST", "messages/", content: Body())).Expect(415, error);
        (await server.SendAsync("POST", "channels/media/publish/", key: null, content: Body())).Expect(403);
        (await server.SendAsync("POST", "channels/nothing/publish/", content: Body())).Expect(404);
    }

    [Fact]
    public async Task A_missing_channel_and_missing_rights_come_before_a_wrong_body()
    {
        await server.CreateAsync("rights", ChannelPermission.Subscribe);
        (await server.PostAsync("channels/nothing/publish/", "{")).Expect(404, """{"detail":"Not found."}""");
        (await server.PostAsync("channels/rights/publish/", "{", Keys.Api, Keys.Bob)).Expect(403);
        (await server.SendAsync("PUT", "channels/nothing/", json: "{")).Expect(404, """{"detail":"Not found."}""");
        (await server.SendAsync("PUT", "channels/rights/", Keys.Api, Keys.Bob, "{")).Expect(403);
        (await server.PostAsync("channels/", "{", Keys.Api, Keys.Bob)).Expect(403);
        (await server.PostAsync("channels/", "{", "wrong")).Expect(403, """{"detail":"No such API Key."}""");
    }

    [Fact]
    public async Task A_mistake_in_the_query_comes_before_the_missing_room()
    {
        await server.CreateAsync("roomy", type: ChannelType.SeparateRooms);
        (await server.GetAsync("channels/roomy/poll/?last_id=x")).Expect(400, """{"last_id":["A valid integer is required."]}""");
        (await server.PostAsync("channels/roomy/publish/", """{"payload":1}""")).Expect(400, """{"payload":["Payload passed in invalid format."]}""");
        (await server.GetAsync("channels/roomy/poll/", Keys.Api, Keys.Bob)).Expect(403);
        (await server.PostAsync("channels/roomy/publish/", "{}", Keys.Api, Keys.Bob)).Expect(403);

        // History asks for the room before the right to read it.
        (await server.GetAsync("channels/roomy/history/", Keys.Api, Keys.Bob))
            .Expect(400, """{"room":"This field is required for channels with separate rooms."}""");
        (await server.GetAsync("channels/roomy/history/?room=a", Keys.Api, Keys.Bob)).Expect(403);
        (await server.GetAsync("channels/roomy/history/", Keys.Api)).Expect(403);
    }

    [Theory]
    [InlineData("/v1.1/instances/demo-instance/channels")]
    [InlineData("/v1/instances/demo-instance/channels/")]
    public async Task A_path_is_never_redirected(string path) => (await server.GetAsync(path)).Expect(200);

    [Theory]
    [InlineData("/v2/instances/demo-instance/channels/")]
    [InlineData("/v1.1/instances/demo-instance/nothing/")]
    [InlineData("/v1.1/instances/demo-instance/channels/a/b/")]
    public async Task Other_paths_are_the_hosts(string path) => (await server.GetAsync(path)).Expect(404, "");
}
