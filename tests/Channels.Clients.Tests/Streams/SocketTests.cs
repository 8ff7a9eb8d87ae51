using System.Text.Json;
using Channels.Clients.Tests.Processes;

namespace Channels.Clients.Tests.Streams;

/// <summary>The npm WebSocket client <c>ws</c>.</summary>
public sealed class SocketTests(NodeModules node, SharedPlayground playground)
{
    [Fact]
    public async Task Follows_and_resumes_after_the_last_id()
    {
        using var created = await playground.Host.Http.CreateChannelAsync("socket-channel");
        created.EnsureSuccessStatusCode();

        var report = await node.RunAsync("sockets.mjs", Keys.For(playground.Host, "socket-channel"));

        var poll = report.At("poll");
        var ids = poll.At("ids").EnumerateArray().Select(id => id.GetInt64()).ToList();
        Assert.Equal(ids[..2], Frames(poll, "live").Select(frame => frame.At("id").GetInt64()));
        Assert.Equal(ids[2..], Frames(poll, "resumed").Select(frame => frame.At("id").GetInt64()));
        Assert.Equal(
            ["id", "created_at", "action", "author", "metadata", "payload"],
            Frames(poll, "live").First().EnumerateObject().Select(property => property.Name));

        var stream = report.At("stream");
        ids = [.. stream.At("ids").EnumerateArray().Select(id => id.GetInt64())];
        Assert.Equal(["event", "id", "id"], Frames(stream, "live").Select(frame => frame.EnumerateObject().First().Name));
        Assert.Equal("ready", Frames(stream, "live").First().Text("event"));
        Assert.Equal(ids[..2], Frames(stream, "live").Skip(1).Select(frame => frame.At("id").GetInt64()));
        Assert.Equal(ids[1], Frames(stream, "resumed").First().At("data.last_id").GetInt64());
        Assert.Equal(ids[2..], Frames(stream, "resumed").Skip(1).Select(frame => frame.At("id").GetInt64()));

        Assert.All(new[] { poll, stream }, kind =>
        {
            Assert.Equal("""{"code":1000,"reason":""}""", kind.At("closed").GetRawText());
            Assert.Equal(403, kind.At("refusal.status").GetInt32());
            Assert.Equal("You do not have permission to perform this action.", kind.Text("refusal.body.detail"));
        });
    }

    private static IEnumerable<JsonElement> Frames(JsonElement report, string name) =>
        report.At(name).EnumerateArray().Select(frame =>
        {
            Assert.False(frame.At("isBinary").GetBoolean());
            return JsonSerializer.Deserialize<JsonElement>(frame.Text("text"));
        });
}
