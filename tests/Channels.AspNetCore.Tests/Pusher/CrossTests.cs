using System.Text;
using Channels.AspNetCore.Tests.Support;

namespace Channels.AspNetCore.Tests.Pusher;

/// <summary>The same channels through this front end and the others.</summary>
public sealed class CrossTests(PusherTestServer server) : IClassFixture<PusherTestServer>
{
    [Fact]
    public async Task What_REST_publishes_arrives_byte_for_byte()
    {
        await server.CreateAsync("cross-in", ChannelPermission.Subscribe);
        using var client = await server.ConnectAsync();
        await client.SubscribeAsync("cross-in");
        const string Payload = """{"n": 1.50, "text":"ü\u00fc", "list":[1,2 ,3]}""";

        (await server.PostAsync("messages/", $$"""{"channel":"cross-in","event":"order","payload":{{Payload}}}""")).Expect(201);
        (await server.PostAsync("messages/", $$"""{"channel":"cross-in","payload":{{Payload}}}""")).Expect(201);

        Assert.Equal(Payload, (await client.ReadAsync("order")).Text());
        Assert.Equal(Payload, (await client.ReadAsync("message")).Text());
    }

    [Fact]
    public async Task What_a_trigger_publishes_arrives_byte_for_byte_elsewhere()
    {
        await server.CreateAsync("cross-out", ChannelPermission.Subscribe);
        using var socket = await SocketAsync("cross-out");
        await server.TriggerAsync("cross-out", "order", """{"n": 1.50}""");
        await server.TriggerAsync("cross-out", "order", "no JSON");

        Assert.Contains("""{"n": 1.50}""", await socket.ReadTextAsync(), StringComparison.Ordinal);
        Assert.Contains("\"no JSON\"", await socket.ReadTextAsync(), StringComparison.Ordinal);
        var history = (await server.Channels.ReadHistoryAsync("cross-out")).Messages;
        Assert.Equal(["\"no JSON\"", """{"n": 1.50}"""], history.Select(message => Encoding.UTF8.GetString(message.Payload.Span)));
        Assert.All(history, message => Assert.Equal("order", message.Event));
    }

    [Fact]
    public async Task A_connection_of_another_front_end_can_be_left_out_and_the_other_way_round()
    {
        await server.CreateAsync("cross-excluded", ChannelPermission.Subscribe);
        using var client = await server.ConnectAsync();
        await client.SubscribeAsync("cross-excluded");
        using var socket = await server.ConnectAsync($"stream/?channel=cross-excluded&api_key={Keys.Api}&user_key={Keys.Bob}", []);
        var ready = await socket.ReadTextAsync();
        var connection = System.Text.RegularExpressions.Regex.Match(ready!, @"\d+\.\d+").Value;

        await server.TriggerAsync("cross-excluded", "not-for-socket", "1", connection);
        (await server.PostAsync("messages/", $$"""{"channel":"cross-excluded","event":"not-for-pusher","payload":2,"exclude":"{{client.SocketId}}"}""")).Expect(201);
        await server.TriggerAsync("cross-excluded", "for-both", "3");

        await client.ReadAsync("not-for-socket");
        await client.ReadAsync("for-both");
        Assert.Contains("not-for-pusher", await socket.ReadTextAsync(), StringComparison.Ordinal);
        Assert.Contains("for-both", await socket.ReadTextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Others_cannot_pass_for_the_service_and_see_no_undeclared_channels()
    {
        await server.CreateAsync("cross-forged", ChannelPermission.Subscribe);
        using var client = await server.ConnectAsync();
        await client.SubscribeAsync("cross-forged");
        await server.Channels.PublishAsync("cross-forged", new MessageDraft("{}") { Event = "pusher_internal:member_removed" });
        await client.ReadAsync("message");

        (await server.GetAsync("stream/?channel=undeclared", Keys.Api, Keys.Bob)).Expect(406);
        var refused = await server.SendAsync(
            "GET", "stream/?channel=undeclared", Keys.Api, Keys.Bob, headers: [("Accept", "text/event-stream")]);
        Assert.Equal(404, refused.Status);
        refused = await server.SendAsync("GET", "stream/?channel=private-x", Keys.Api, Keys.Bob, headers: [("Accept", "text/event-stream")]);
        Assert.Equal(403, refused.Status);
    }

    [Fact]
    public async Task Counts_include_every_front_end()
    {
        await server.CreateAsync("cross-counted", ChannelPermission.Subscribe);
        using var client = await server.ConnectAsync();
        await client.SubscribeAsync("cross-counted");
        using var socket = await SocketAsync("cross-counted");
        (await server.CallAsync("GET", "channels/cross-counted", query: "info=subscription_count")).Expect(200, """{"occupied":true,"subscription_count":2}""");
    }

    private async Task<System.Net.WebSockets.ClientWebSocket> SocketAsync(string channel)
    {
        var socket = await server.ConnectAsync($"stream/?channel={channel}&api_key={Keys.Api}&user_key={Keys.Bob}", []);
        await socket.ReadTextAsync();
        return socket;
    }
}
