using System.Text.Json;
using Channels.Clients.Tests.Processes;

namespace Channels.Clients.Tests.SocketIo;

/// <summary>The JavaScript client <c>socket.io-client</c> 1.7.4, 2.5.0 and 4.8.1, unmodified, by polling, by WebSocket and by the change between them.</summary>
public sealed class SocketIoClientTests(NodeModules node, SharedPlayground playground)
{
    public static TheoryData<int, string> Clients
    {
        get
        {
            var clients = new TheoryData<int, string>();
            foreach (var version in new[] { 1, 2, 4 })
            {
                foreach (var transports in new[] { "polling", "websocket", "polling,websocket" })
                {
                    clients.Add(version, transports);
                }
            }

            return clients;
        }
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task Subscribes_receives_unsubscribes_and_comes_back(int version, string transports)
    {
        var name = $"client-{version}-{transports.Replace(',', '-')}";
        var report = await node.RunAsync("socketio-speakap.mjs", Settings(name, version, transports));

        Assert.Equal(transports.Split(',')[^1], report.Text("transport"));
        Assert.Equal($$"""{"ok":true,"channels":["network_timeline:{{name}}-one"],"errors":[]}""", report.At("answers.one").GetRawText());
        Assert.Equal(
            $$"""["network_timeline:{{name}}-two","network_timeline:{{name}}-large","config"]""", report.At("answers.many.channels").GetRawText());
        Assert.Equal("unknown_channel", report.Text("answers.many.errors.0.code"));
        Assert.Equal("missing_token", report.Text("answers.noToken.errors.0.code"));
        Assert.Equal("invalid_token", report.Text("refused.code"));
        Assert.True(report.At("answers.unsubscribed.ok").GetBoolean());
        Assert.True(report.At("whole").GetBoolean());
        Assert.True(report.At("isNew").GetBoolean());
        Assert.Equal(["one", "large", "two", "one", "one"], report.At("received").EnumerateArray().Select(e => e.Text("channel").Split('-')[^1]));
        Assert.Equal("é€漢🚀 \"\u2028\"", report.Text("received.0.payload.text"));
        Assert.Equal("é€漢🚀 \"\u2028\"", report.Text("received.2.payload.2"));
        Assert.Equal("fence", report.Text("received.3.payload"));
        Assert.Equal("again", report.Text("received.4.payload"));
        Assert.Equal("io client disconnect", report.Text("closed"));
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task Speaks_namespaces_acks_and_bytes_and_keeps_its_heartbeat(int version, string transports)
    {
        await using var host = await ConformanceHost.StartAsync();

        var report = await node.RunAsync("socketio-packets.mjs", new { address = host.Address, version, transports = transports.Split(',') });

        Assert.Equal(transports.Split(',')[^1], report.Text("transport"));
        Assert.Equal("ä€🚀", report.Text("text"));
        Assert.Equal(("010203", "04", 7, "0506"), (report.Text("bytes"), report.Text("deep"), report.At("number").GetInt32(), report.Text("ack")));
        Assert.Equal("custom", report.Text("inCustom"));
        Assert.Equal("Invalid namespace", report.Text("refused"));
        Assert.Equal("still here", report.Text("later"));
    }

    [Theory]
    [InlineData(1, "polling")]
    [InlineData(2, "websocket")]
    [InlineData(4, "polling,websocket")]
    public async Task Two_hundred_at_once_receive_the_same(int version, string transports)
    {
        var settings = JsonSerializer.SerializeToNode(Settings($"crowd-{version}", version, transports))!.AsObject();
        settings["count"] = 200;
        settings["messages"] = 20;

        var report = await node.RunAsync("socketio-crowd.mjs", settings);

        Assert.Equal(200, report.At("clients").GetInt32());
        Assert.Equal(string.Join(',', Enumerable.Range(0, 20)), report.At("different").EnumerateArray().Single().GetString());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Polls_with_scripts_where_a_browser_can_do_nothing_else(int version)
    {
        var report = await node.RunAsync("socketio-scripts.mjs", Settings($"scripts-{version}", version, "polling"));

        Assert.Equal("JSONPPolling", report.Text("transport"));
        Assert.Equal($$"""["network_timeline:scripts-{{version}}"]""", report.At("channels").GetRawText());
        Assert.True(report.At("isOddWhole").GetBoolean());
        Assert.True(report.At("isWhole").GetBoolean());
        Assert.Equal("""["200 application/javascript"]""", report.At("types").GetRawText());
        Assert.Equal("[200]", report.At("posts").GetRawText());
    }

    private object Settings(string name, int version, string transports) => new
    {
        address = playground.Host.Address.GetLeftPart(UriPartial.Authority),
        instance = Playground.Instance,
        admin = new { accountKey = Keys.Account },
        token = "alice-token",
        name,
        version,
        transports = transports.Split(','),
    };
}
