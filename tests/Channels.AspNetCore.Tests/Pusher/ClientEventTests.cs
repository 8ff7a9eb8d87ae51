namespace Channels.AspNetCore.Tests.Pusher;

public sealed class ClientEventTests(PusherTestServer server) : IClassFixture<PusherTestServer>
{
    [Theory]
    [InlineData("private-ce", "")]
    [InlineData("presence-ce", ",\"user_id\":\"7\"")]
    public async Task Others_get_an_event_as_it_was_sent_without_what_does_not_belong_to_it(string channel, string sender)
    {
        using var zoe = await server.ConnectAsync();
        using var kim = await server.ConnectAsync();
        await kim.SubscribeAsync(channel, "9");
        await zoe.SubscribeAsync(channel, "7");
        if (sender.Length > 0)
        {
            await kim.ReadAsync("pusher_internal:member_added");
        }

        await zoe.SendAsync($$"""{"event":"client-typing","channel":"{{channel}}","data":{"who": "Zoë", "n":1.0},"user_id":"forged","socket_id":"1.1","more":1}""");
        Assert.Equal($$"""{"event":"client-typing","channel":"{{channel}}","data":{"who": "Zoë", "n":1.0}{{sender}}}""", await kim.ReadTextAsync());
        await zoe.SendAsync($$"""{"event":"client-text","channel":"{{channel}}","data":"text"}""");
        Assert.Equal($$"""{"event":"client-text","channel":"{{channel}}","data":"text"{{sender}}}""", await kim.ReadTextAsync());
        await zoe.SendAsync($$"""{"event":"client-nothing","channel":"{{channel}}"}""");
        Assert.Equal($$"""{"event":"client-nothing","channel":"{{channel}}","data":null{{sender}}}""", await kim.ReadTextAsync());
        Assert.Empty(await zoe.SettleAsync());
        await zoe.CloseAsync();
        await kim.CloseAsync();
    }

    [Theory]
    [InlineData("public-ce", 4301)]
    [InlineData("private-not-subscribed", null)]
    [InlineData("", 4301)]
    public async Task Other_channels_take_none(string channel, int? code)
    {
        using var client = await server.ConnectAsync();
        using var other = await server.ConnectAsync();
        await client.SubscribeAsync("public-ce");
        await other.SubscribeAsync("public-ce");
        await other.SubscribeAsync("private-not-subscribed");
        await client.SendAsync($$"""{"event":"client-a","channel":"{{channel}}","data":{ } }""");
        await AssertRefusedAsync(client, code);
        Assert.Empty(await other.SettleAsync());
    }

    [Fact]
    public async Task An_app_may_not_want_them()
    {
        using var client = await server.ConnectAsync(PusherTestServer.PlainKey);
        var authorizer = new AspNetCore.Pusher.PusherAuthorizer(PusherTestServer.PlainKey, PusherTestServer.Secret);
        await client.RequestAsync("private-a", authorizer.AuthorizeChannel(client.SocketId, "private-a"));
        await client.ReadAsync("pusher_internal:subscription_succeeded");
        await client.SendAsync("""{"event":"client-a","channel":"private-a","data":{}}""");
        await AssertRefusedAsync(client, 4301);
    }

    [Fact]
    public async Task Names_and_data_have_limits()
    {
        using var client = await server.ConnectAsync();
        await client.SubscribeAsync("private-sizes");
        await SendAsync(new string('n', 193), "1");
        Assert.Empty(await client.SettleAsync());
        await SendAsync(new string('n', 194), "1");
        await AssertRefusedAsync(client, 4301);
        await SendAsync("a", $"\"{new string('x', 10_238)}\"");
        Assert.Empty(await client.SettleAsync());
        await SendAsync("a", $"\"{new string('x', 10_239)}\"");
        await AssertRefusedAsync(client, 4301);
        await SendAsync("a", "\"\\ud800\"");
        await AssertRefusedAsync(client, 4301);

        Task SendAsync(string name, string data) => client.SendAsync($$"""{"event":"client-{{name}}","channel":"private-sizes","data":{{data}}}""");
    }

    [Fact]
    public async Task Ten_in_a_second_are_relayed_and_more_are_refused()
    {
        using var sender = await server.ConnectAsync();
        using var other = await server.ConnectAsync();
        await sender.SubscribeAsync("private-rate");
        await other.SubscribeAsync("private-rate");
        for (var i = 0; i < 40; i++)
        {
            await sender.SendAsync($$"""{"event":"client-n","channel":"private-rate","data":{{i}}}""");
        }

        var refused = await sender.SettleAsync();
        Assert.Equal(30, refused.Count);
        Assert.All(refused, frame => Assert.Equal(
            """{"event":"pusher:error","data":{"code":4301,"message":"Client event rejected due to rate limit"}}""", frame.GetRawText()));
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(i, (await other.ReadAsync("client-n")).GetProperty("data").GetInt32());
        }

        // Somebody else's budget is another one, and a second later there is a new one.
        await other.SendAsync("""{"event":"client-n","channel":"private-rate","data":"other"}""");
        Assert.Equal("client-n", (await sender.ReadAsync()).Event());
        server.Time.Advance(TimeSpan.FromSeconds(1));
        await sender.SendAsync("""{"event":"client-n","channel":"private-rate","data":"again"}""");
        Assert.Equal("again", (await other.ReadAsync("client-n")).GetProperty("data").GetString());
    }

    [Fact]
    public async Task They_are_delivered_and_not_kept()
    {
        using var sender = await server.ConnectAsync();
        await sender.SubscribeAsync("private-cache-ce");
        await sender.ReadAsync("pusher:cache_miss");
        await sender.SendAsync("""{"event":"client-n","channel":"private-cache-ce","data":1}""");
        Assert.Empty(await sender.SettleAsync());
        using var late = await server.ConnectAsync();
        await late.SubscribeAsync("private-cache-ce");
        await late.ReadAsync("pusher:cache_miss");
        Assert.Empty((await server.Channels.ReadHistoryAsync("private-cache-ce")).Messages);
    }

    private static async Task AssertRefusedAsync(PusherTestClient client, int? code)
    {
        var error = Assert.Single(await client.SettleAsync());
        Assert.Equal("pusher:error", error.Event());
        var given = error.Data().GetProperty("code");
        Assert.Equal(code, given.ValueKind == System.Text.Json.JsonValueKind.Null ? null : given.GetInt32());
    }
}
