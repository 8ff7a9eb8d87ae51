using System.Text.Json;
using Channels.Clients.Tests.Processes;

namespace Channels.Clients.Tests.PushStream;

/// <summary>The npm clients <c>ws</c> and <c>eventsource</c> as clients of Dashly.</summary>
public sealed class PushStreamClientTests(NodeModules node, SharedPlayground playground)
{
    [Fact]
    public async Task Follow_cut_and_resume_across_transports()
    {
        var settings = JsonSerializer.SerializeToNode(Keys.For(playground.Host, ""))!.AsObject();
        settings["channels"] = JsonSerializer.SerializeToNode(new[] { "conversation.100", "conversation_reply.100.7" });

        var report = await node.RunAsync("push-stream.mjs", settings);

        var ids = report.At("ids").EnumerateArray().Select(id => id.GetInt64()).ToList();
        Assert.Equal(ids[..2], Ids(report, "live.socket"));
        Assert.Equal(ids[..2], Ids(report, "live.events"));
        Assert.Equal(ids[2..4], Ids(report, "resumed.events").Take(2));
        Assert.Equal(ids[2..4], Ids(report, "resumed.poll"));
        Assert.Equal(ids[4..], Ids(report, "resumed.socket"));
        var message = report.At("live.socket").EnumerateArray().First();
        Assert.Equal(["id", "channel", "message", "tag", "time"], message.EnumerateObject().Select(property => property.Name));
        Assert.Equal(("conversation.100", "1"), (message.Text("channel"), message.At("message.n").GetRawText()));
        Assert.Equal("""{"code":1000,"reason":""}""", report.At("closed").GetRawText());
        Assert.Equal(401, report.At("refused").GetInt32());
    }

    private static IEnumerable<long> Ids(JsonElement report, string name) =>
        report.At(name).EnumerateArray().Select(message => message.At("id").GetInt64());
}
