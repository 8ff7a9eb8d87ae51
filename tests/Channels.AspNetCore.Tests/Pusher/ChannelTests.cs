using System.Text.Json;

namespace Channels.AspNetCore.Tests.Pusher;

public sealed class ChannelTests(PusherTestServer server) : IClassFixture<PusherTestServer>
{
    [Theory]
    [InlineData("news")]
    [InlineData("my-cache-x")]
    [InlineData("Private-x")]
    [InlineData("xpresence-a")]
    [InlineData("private-a")]
    [InlineData("private-App.Models.User.1")]
    [InlineData("private-encrypted-a")]
    [InlineData("a_-=@,.;Z9")]
    public async Task Subscribers_get_what_is_published_byte_for_byte(string channel)
    {
        using var client = await server.ConnectAsync();
        await client.RequestAsync(channel);
        Assert.Equal(
            $$"""{"event":"pusher_internal:subscription_succeeded","channel":"{{channel}}","data":"{}"}""", await client.ReadTextAsync());

        await server.TriggerAsync(channel, "order-paid", """{ "id" : 5.0, "ü":"\u00fc" }""");

        Assert.Equal(
            $$"""{"event":"order-paid","channel":"{{channel}}","data":"{ \"id\" : 5.0, \"ü\":\"\\u00fc\" }"}""", await client.ReadTextAsync());
        await server.TriggerAsync(channel, "text", "no \"JSON\"\n at all");
        Assert.Equal("no \"JSON\"\n at all", (await client.ReadAsync("text")).Text());
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("ä")]
    [InlineData("#server-to-user-")]
    [InlineData("#other")]
    public async Task Names_that_are_none_are_refused(string channel)
    {
        using var client = await server.ConnectAsync();
        await client.RequestAsync(channel, authorization: null);
        var data = (await client.ReadAsync("pusher:subscription_error")).GetProperty("data");
        Assert.Equal("InvalidChannel", data.GetProperty("type").GetString());
    }

    [Fact]
    public async Task The_longest_name_is_permitted_and_one_more_is_not()
    {
        using var client = await server.ConnectAsync();
        await client.SubscribeAsync(new string('a', 200));
        await client.RequestAsync(new string('a', 201));
        await client.ReadAsync("pusher:subscription_error");
    }

    [Theory]
    [InlineData("private-a", null)]
    [InlineData("private-a", "")]
    [InlineData("private-a", "nonsense")]
    [InlineData("private-a", "wrong-key")]
    [InlineData("private-a", "other-channel")]
    [InlineData("private-a", "other-socket")]
    [InlineData("private-a", "upper-case")]
    [InlineData("private-encrypted-a", "other-channel")]
    [InlineData("presence-a", "private")]
    [InlineData("presence-a", "changed-data")]
    public async Task Only_the_right_signature_lets_in(string channel, string? kind)
    {
        using var client = await server.ConnectAsync();
        await client.SendAsync(Request(client.SocketId, channel, kind));

        Assert.Equal(
            $$$"""{"event":"pusher:subscription_error","channel":"{{{channel}}}","data":{"type":"AuthError","error":"The connection is unauthorized.","status":401}}""",
            await client.ReadTextAsync());

        // The connection stays, and a right attempt succeeds.
        await client.SubscribeAsync(channel);
    }

    [Fact]
    public async Task A_second_secret_is_accepted_while_the_first_is_exchanged()
    {
        await using var other = new PusherTestServer { Configure = options => options.Apps[0].NextSecret = "another-secret" };
        await other.InitializeAsync();
        using var client = await other.ConnectAsync();
        var next = new Channels.AspNetCore.Pusher.PusherAuthorizer(PusherTestServer.Key, "another-secret");
        await client.RequestAsync("private-b", next.AuthorizeChannel(client.SocketId, "private-b"));
        await client.ReadAsync("pusher_internal:subscription_succeeded");
        await client.SubscribeAsync("private-c");
        (await other.CallAsync("GET", "channels", secret: "another-secret")).Expect(200);
    }

    [Fact]
    public async Task A_channel_is_subscribed_once_however_often_it_is_asked_for()
    {
        using var client = await server.ConnectAsync();
        await client.SubscribeAsync("twice");
        await client.RequestAsync("twice");
        Assert.Equal(
            """{"event":"pusher:error","data":{"code":null,"message":"Existing subscription to channel twice"}}""", await client.ReadTextAsync());

        await server.TriggerAsync("twice", "once", "1");
        await client.ReadAsync("once");
        await client.UnsubscribeAsync("twice");
        Assert.Empty(await client.SettleAsync());
        await server.TriggerAsync("twice", "never", "1");
        Assert.Empty(await client.SettleAsync());
        await client.SubscribeAsync("twice");
    }

    [Fact]
    public async Task Another_apps_channels_are_apart()
    {
        using var mine = await server.ConnectAsync();
        using var theirs = await server.ConnectAsync(PusherTestServer.PlainKey);
        await mine.SubscribeAsync("apart");
        await theirs.SubscribeAsync("apart");
        await server.TriggerAsync("apart", "e", "1");
        await mine.ReadAsync("e");
        Assert.Empty(await theirs.SettleAsync());
    }

    [Theory]
    [InlineData("cache-a")]
    [InlineData("private-cache-a")]
    [InlineData("private-encrypted-cache-a")]
    [InlineData("presence-cache-a")]
    public async Task A_cache_channel_gives_its_last_event_to_newcomers(string channel)
    {
        using var first = await server.ConnectAsync();
        await first.SubscribeAsync(channel);
        Assert.Equal($$"""{"event":"pusher:cache_miss","channel":"{{channel}}"}""", await first.ReadTextAsync());
        await server.TriggerAsync(channel, "old", "1", first.SocketId);
        await server.TriggerAsync(channel, "last", """{"n":2}""");
        await first.ReadAsync("last");

        using var second = await server.ConnectAsync();
        await second.SubscribeAsync(channel, "2");
        Assert.Equal("""{"n":2}""", (await second.ReadAsync("last")).Text());
        var info = (await server.CallAsync("GET", $"channels/{channel}", query: "info=cache")).Expect(200);
        Assert.Equal("""{"data":"{\"n\":2}","ttl":1800}""", info.Json.GetProperty("cache").GetRawText());

        server.Time.Advance(TimeSpan.FromMinutes(29));
        using var third = await server.ConnectAsync();
        await third.SubscribeAsync(channel, "3");
        await third.ReadAsync("last");
        server.Time.Advance(TimeSpan.FromMinutes(1));
        using var fourth = await server.ConnectAsync();
        await fourth.SubscribeAsync(channel, "4");
        await fourth.ReadAsync("pusher:cache_miss");
        Assert.Equal(
            JsonValueKind.Null, (await server.CallAsync("GET", $"channels/{channel}", query: "info=cache")).Json.GetProperty("cache").ValueKind);
    }

    [Fact]
    public async Task No_event_is_lost_or_early_however_many_subscribe_while_others_publish()
    {
        for (var round = 0; round < 50; round++)
        {
            using var client = await server.ConnectAsync();
            var publishing = PublishAsync(100);
            await client.SubscribeAsync("busy");
            await publishing;
            await server.Channels.PublishAsync("busy", new MessageDraft("101") { Event = "n" });

            var number = Number(await client.ReadAsync("n"));
            while (number < 101)
            {
                Assert.Equal(++number, Number(await client.ReadAsync("n")));
            }
        }

        async Task PublishAsync(int count)
        {
            for (var number = 1; number <= count; number++)
            {
                await server.Channels.PublishAsync("busy", new MessageDraft($"{number}") { Event = "n" });
            }
        }

        static int Number(JsonElement frame) => frame.Data().GetInt32();
    }

    [Fact]
    public async Task Losing_a_channel_is_told_and_leaves_the_rest()
    {
        await server.CreateAsync("stored", ChannelPermission.Subscribe);
        using var client = await server.ConnectAsync();
        await client.SubscribeAsync("stored");
        await client.SubscribeAsync("kept");

        await server.Channels.Catalog.UpdateAsync("stored", channel => channel with { OtherPermission = ChannelPermission.None });

        var ended = await client.ReadAsync("pusher:subscription_error");
        Assert.Equal(("stored", 403), (ended.Channel(), ended.GetProperty("data").GetProperty("status").GetInt32()));
        await server.TriggerAsync("kept", "e", "1");
        await client.ReadAsync("e");
        await client.RequestAsync("stored");
        Assert.Equal(403, (await client.ReadAsync("pusher:subscription_error")).GetProperty("data").GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task Rooms_are_spelled_behind_a_dot()
    {
        await server.CreateAsync("rooms", ChannelPermission.Subscribe, ChannelType.SeparateRooms);
        using var client = await server.ConnectAsync();
        await client.SubscribeAsync("rooms.red");
        await server.PublishAsync("rooms", "1", "blue");
        await server.PublishAsync("rooms", "2", "red");
        Assert.Equal("""{"event":"message","channel":"rooms.red","data":"2"}""", await client.ReadTextAsync());
        await server.TriggerAsync("rooms.red", "e", "3");
        await client.ReadAsync("e");
        await client.RequestAsync("rooms");
        Assert.Equal("InvalidChannel", (await client.ReadAsync("pusher:subscription_error")).GetProperty("data").GetProperty("type").GetString());
    }

    private static string Request(string socketId, string channel, string? kind)
    {
        var sign = PusherTestServer.Authorizer;
        const string ChannelData = """{"user_id":"1"}""";
        var (auth, channelData) = kind switch
        {
            "wrong-key" => (sign.AuthorizeChannel(socketId, channel).Auth.Replace("278", "279", StringComparison.Ordinal), null),
            "other-channel" => (sign.AuthorizeChannel(socketId, "private-b").Auth, null),
            "other-socket" => (sign.AuthorizeChannel("1.1", channel).Auth, null),
            "upper-case" => (sign.AuthorizeChannel(socketId, channel).Auth.ToUpperInvariant(), null),
            "private" => (sign.AuthorizeChannel(socketId, channel).Auth, null),
            "changed-data" => (sign.AuthorizePresence(socketId, channel, ChannelData).Auth, ChannelData.Replace("1", "2", StringComparison.Ordinal)),
            _ => (kind, (string?)null),
        };
        return JsonSerializer.Serialize(new { @event = "pusher:subscribe", data = new { channel, auth, channel_data = channelData } });
    }
}
