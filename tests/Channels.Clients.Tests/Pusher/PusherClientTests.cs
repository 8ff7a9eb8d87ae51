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

    private static string Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
}
