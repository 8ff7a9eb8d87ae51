using Channels.AspNetCore.Tests.Support;

namespace Channels.AspNetCore.Tests.Syncano;

public sealed class ChannelResourceTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task A_created_channel_is_answered_byte_for_byte()
    {
        server.Time.SetUtcNow(new(2016, 3, 1, 10, 0, 0, 0, 1, TimeSpan.Zero));
        var answer = await server.PostAsync("channels/", """{"name":" News "}""");
        answer.Expect(201, """{"name":"news","description":"","type":"default","group":null,"group_permissions":"none","other_permissions":"none","created_at":"2016-03-01T10:00:00.000001Z","updated_at":"2016-03-01T10:00:00.000001Z","custom_publish":false,"links":{"self":"/v1.1/instances/demo-instance/channels/news/","poll":"/v1.1/instances/demo-instance/channels/news/poll/","publish":"/v1.1/instances/demo-instance/channels/news/publish/","history":"/v1.1/instances/demo-instance/channels/news/history/"}}""");
        Assert.Equal("application/json", answer.Header("Content-Type"));
    }
}
