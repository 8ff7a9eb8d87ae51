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

    public static TheoryData<int, string, bool> Reloads { get; } = new(
        from major in new[] { 3, 4, 5, 9 }
        from transport in new[] { "websocket", "long-polling" }
        from ack in new[] { true, false }
        select (major, transport, ack));

    [Theory]
    [MemberData(nameof(Reloads))]
    public async Task A_reloaded_page_goes_on_with_its_session(int major, string transport, bool ack)
    {
        var channel = $"/chat/acme/game/reload-{major}-{transport}-{ack}";
        var address = playground.Host.Address;
        var first = await node.RunAsync("bayeux-reload.mjs", new { address, channel, major, transport, ack, last = "before" });
        Assert.False(first.At("reloaded").GetBoolean());
        Assert.Equal("""["before"]""", first.At("received").GetRawText());

        using var http = new HttpClient();
        using var published = await http.PostAsync(
            new Uri($"{address}v2/channel/publish{channel}"), new StringContent("""{"type":"between"}""", System.Text.Encoding.UTF8, "application/json"));
        published.EnsureSuccessStatusCode();
        var second = await node.RunAsync("bayeux-reload.mjs", new { address, channel, major, transport, ack, stored = first.At("stored"), last = "after" });

        Assert.True(second.At("reloaded").GetBoolean());
        Assert.Equal(first.Text("clientId"), second.Text("clientId"));
        Assert.True(second.At("subscribed").GetBoolean());

        // What the first page had not acknowledged when it went comes again to the second.
        var received = second.At("received").EnumerateArray().Select(type => type.GetString()!).ToList();
        Assert.Equal(["between", "after"], received.SkipWhile(type => ack && type == "before"));
        Assert.InRange(received.Count, 2, 3);
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
