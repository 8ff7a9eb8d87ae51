using Channels.AspNetCore.Tests.Support;

namespace Channels.AspNetCore.Tests.Syncano;

public sealed class MessageTests(TestServer server) : IClassFixture<TestServer>
{
    private const string Created = "2026-01-01T00:00:00.000000Z";

    [Fact]
    public async Task A_published_message_is_answered_and_polled_byte_for_byte()
    {
        await server.CreateAsync("shape", ChannelPermission.Publish);
        var published = await server.PostAsync("channels/shape/publish/", """{"payload":{"content": "hé😀 ", "n":1.50}}""", Keys.Api, Keys.Alice);
        var id = published.Id;
        published.Expect(201, $$$"""{"id":{{{id}}},"room":null,"created_at":"{{{Created}}}","action":"custom","author":{"api_key":1,"user":1},"metadata":{"type":"message"},"payload":{"content": "hé😀 ", "n":1.50},"links":{"self":"/v1.1/instances/demo-instance/channels/shape/history/{{{id}}}/"}}""");

        var polled = await server.GetAsync("channels/shape/poll/?last_id=0", Keys.Api, Keys.Bob);
        polled.Expect(200, $$$"""{"id":{{{id}}},"created_at":"{{{Created}}}","action":"custom","author":{"api_key":1,"user":1},"metadata":{"type":"message"},"payload":{"content": "hé😀 ", "n":1.50}}""");
        Assert.Equal(id.ToString(System.Globalization.CultureInfo.InvariantCulture), polled.Header("X-Last-Id"));
        Assert.Equal("no-cache", polled.Header("Cache-Control"));
        Assert.Equal("application/json", polled.Header("Content-Type"));
    }
}
