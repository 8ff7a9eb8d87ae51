using System.Text.Json;
using Channels.Clients.Tests.Processes;

namespace Channels.Clients.Tests.Pusher;

/// <summary>The JavaScript libraries <c>pusher-js</c> 8.6.0, <c>pusher</c> 5.3.4 and <c>laravel-echo</c> 2.5.0, unmodified.</summary>
public sealed class PusherClientTests(NodeModules node, SharedPlayground playground)
{
    [Theory]
    [InlineData("ws")]
    [InlineData("xhr_streaming")]
    [InlineData("xhr_polling")]
    public async Task Every_flow_works_over_every_transport(string transport)
    {
        var report = await node.RunAsync("pusher-flows.mjs", new
        {
            address = playground.Host.Address.GetLeftPart(UriPartial.Authority),
            transports = new[] { transport },
            suffix = transport,
        });

        Assert.Equal(transport, report.Text("transport"));
        Assert.Matches(@"^\d+\.\d+$", report.Text("socketId"));
        Assert.Equal(
            [("order", """{"id":5,"text":"grüße 🚀 \"\\"}"""), ("text", "no JSON"), ("excluded", """{"n":1}"""), ("batch", """{"n":1}"""), ("batch", """{"n":2}"""), ("batch", """{"n":3}""")],
            report.At("news").EnumerateArray().Select(e => (e.Text("name"), Text(e.At("data")))));
        Assert.Equal(0, report.At("bobsNews").GetArrayLength());
        Assert.Equal(6, report.At("newsAtTheEnd").GetInt32());

        Assert.Equal("""{"who":"bob"}""", report.At("typed.0.data").GetRawText());
        Assert.Equal(403, report.At("refused.status").GetInt32());
        Assert.Equal("""{"count":1,"me":{"id":"1","info":{"name":"Alice"}}}""", report.At("alone").GetRawText());
        Assert.Equal("""{"id":"2","info":{"name":"Bob"}}""", report.At("added").GetRawText());
        Assert.Equal("""[{"name":"Alice"},{"name":"Bob"}]""", report.At("together").GetRawText());
        Assert.Equal(("plain text", "2"), (report.Text("nudged.0.data"), report.Text("nudged.0.metadata.user_id")));
        Assert.Equal("""{"user_count":2}""", report.At("counted").GetRawText());
        Assert.Equal("""{"users":[{"id":"1"},{"id":"2"}]}""", report.At("users").GetRawText());
        Assert.Equal("""{"user_count":2,"subscription_count":2}""", report.At("info").GetRawText());
        Assert.Equal("2", report.Text("removed.id"));

        Assert.Equal("""{"n":1}""", report.At("cached").GetRawText());
        Assert.Equal("""{"gold":7}""", report.At("opened.0.data").GetRawText());
        Assert.Equal("""{"n":1}""", report.At("own.data").GetRawText());
        Assert.Equal("""["2"]""", report.At("online.user_ids").GetRawText());
        Assert.Equal("disconnected", report.Text("terminated"));
    }

    [Fact]
    public async Task Laravel_echo_works()
    {
        var report = await node.RunAsync("pusher-echo.mjs", new { address = playground.Host.Address.GetLeftPart(UriPartial.Authority) });

        Assert.Equal(5, report.At("shipped.id").GetInt32());
        Assert.Equal(6, report.At("raw.id").GetInt32());
        Assert.Equal("""[{"name":"Alice"}]""", report.At("here").GetRawText());
        Assert.Equal("""{"name":"Bob"}""", report.At("joining").GetRawText());
        Assert.Equal("""{"name":"bob"}""", report.At("whispered").GetRawText());
        Assert.Equal("""{"name":"Bob"}""", report.At("leaving").GetRawText());
        Assert.Equal("AuthError", report.Text("error.type"));
    }

    [Fact]
    public async Task A_cut_connection_comes_back_and_nobody_is_told_that_it_was_away()
    {
        // Long enough for a client that waits a second before it comes back, also on a busy machine.
        var port = Playground.FindPort();
        await using var host = await Playground.StartInMemoryAsync(
            $"--Pusher:Apps:0:Webhooks:0:Url=http://127.0.0.1:{port}/hook",
            "--Pusher:Webhooks:AllowHttp=true",
            "--Pusher:Webhooks:AllowPrivateNetworks=true",
            "--Pusher:Webhooks:LeaveDelay=00:00:15");

        var report = await node.RunAsync("pusher-reconnect.mjs", new { address = host.Address.GetLeftPart(UriPartial.Authority), webhookPort = port });

        Assert.True(report.At("reconnected").GetBoolean());
        Assert.Equal("""["before","after"]""", report.At("names").GetRawText());
        Assert.Equal("""["1","2"]""", report.At("members").GetRawText());
        Assert.Equal("""["channel_occupied","member_added 1","member_added 2","member_removed 2"]""", report.At("webhooks").GetRawText());
    }

    [Fact]
    public async Task A_stream_that_the_client_opens_anew_loses_nothing()
    {
        const int Events = 60;
        var address = playground.Host.Address.GetLeftPart(UriPartial.Authority);

        var report = await node.RunAsync("pusher-rotation.mjs", new { address, events = Events, bytes = 9000 });

        Assert.Equal("""["connected"]""", report.At("states").GetRawText());
        Assert.True(report.At("sameSocket").GetBoolean());
        Assert.InRange(report.At("streams").GetInt32(), 3, 4);
        Assert.Equal(Enumerable.Range(0, Events), report.At("numbers").EnumerateArray().Select(number => number.GetInt32()));
    }

    private static string Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
}
