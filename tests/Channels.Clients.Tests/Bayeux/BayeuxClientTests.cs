using Channels.Clients.Tests.Processes;

namespace Channels.Clients.Tests.Bayeux;

/// <summary>
/// The JavaScript clients <c>cometd</c> 3.1.14, 4.0.9, 5.0.23 and 9.0.0 and <c>faye</c> 1.4.3, unmodified. Not tested: Faye's script and
/// cross-origin transports, which need a browser.
/// </summary>
public sealed class BayeuxClientTests(NodeModules node, BayeuxPlayground playground) : IClassFixture<BayeuxPlayground>
{
    private const int Count = 10;

    public static TheoryData<int, string, bool> Clients
    {
        get
        {
            var clients = new TheoryData<int, string, bool>();
            foreach (var major in new[] { 3, 4, 5, 9 })
            {
                foreach (var transport in new[] { "websocket", "long-polling", "callback-polling" })
                {
                    clients.Add(major, transport, true);
                    clients.Add(major, transport, false);
                }
            }

            return clients;
        }
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task CometD_subscribes_publishes_and_leaves(int major, string transport, bool ack)
    {
        var channel = $"/chat/acme/game/cometd-{major}-{transport}-{ack}";
        var report = await node.RunAsync("bayeux-cometd.mjs", new { address = playground.Host.Address, channel, major, transport, ack, count = Count });

        Assert.True(report.At("handshake.successful").GetBoolean());
        Assert.Equal(transport, report.Text("transport"));
        Assert.Equal(Enumerable.Range(0, Count), report.At("exact").EnumerateArray().Select(data => data.At("n").GetInt32()));
        Assert.All(report.At("exact").EnumerateArray(), data => Assert.Equal("grüße 🚀 \u2028", data.Text("text")));
        Assert.Equal(
            Enumerable.Range(0, Count).Select(n => $"{channel}/part{n % 2}: {n}"),
            report.At("pattern").EnumerateArray().Take(Count).Select(e => $"{e.Text("channel")}: {e.At("data").GetInt32()}"));
        Assert.Equal("403:denied_by_security_policy:subscribe_denied", report.Text("replies.0"));
        Assert.All(report.At("replies").EnumerateArray().Skip(1), reply => Assert.True(reply.GetBoolean()));
        Assert.Equal(0, report.At("late").GetInt32());
        Assert.All(report.At("disconnected").EnumerateArray(), successful => Assert.True(successful.GetBoolean()));
        Assert.Equal("number", report.Text("timesync"));
    }

    [Theory]
    [InlineData("websocket")]
    [InlineData("long-polling")]
    public async Task Faye_subscribes_and_publishes(string transport)
    {
        var report = await node.RunAsync("bayeux-faye.mjs", new { address = playground.Host.Address, channel = $"/chat/faye-{transport}", transport, count = Count });

        Assert.Equal(transport, report.Text("transport"));
        Assert.Equal(Enumerable.Range(0, Count), report.At("received").EnumerateArray().Select(data => data.At("n").GetInt32()));
        Assert.Equal(Enumerable.Range(0, Count), report.At("pattern").EnumerateArray().Select(e => e.At("data").GetInt32()));
        Assert.Equal("subscribe_denied", report.Text("refused.message"));
    }

    [Theory]
    [InlineData("websocket")]
    [InlineData("long-polling")]
    public async Task What_Epicenter_js_does_works_with_authorization(string transport)
    {
        await using var server = await Playground.StartInMemoryAsync("--Bayeux:AuthorizationRequired=true", "--Bayeux:MaxSessionsPerBrowser=0", "--Bayeux:MaxInterval=00:05:00");
        var report = await node.RunAsync(
            "bayeux-epicenter.mjs", new { address = server.Address, aliceToken = "alice-token", bobToken = "bob-token", transport });

        Assert.Equal("""[{"type":"chat","data":"hello"},{"type":"chat","subtype":"system","data":"over REST"}]""", report.At("group").GetRawText());
        Assert.Equal("to all", report.Text("topic.0.text"));
        Assert.Equal(50, report.At("world.0.data.variables.price").GetInt32());
        Assert.True(report.At("world_subscribed").GetBoolean());
        Assert.Equal("403:denied_by_security_policy:subscribe_denied", report.Text("foreign"));
        Assert.Equal(200, report.At("sent.status").GetInt32());
        Assert.Equal($"{server.Address}v2/channel/publish", report.Text("sent.publishUrl"));
        Assert.Equal("/group/acme/game/team", report.Text("sent.channel"));
        Assert.Equal("connect", report.Text("states.0"));
    }
}
