
namespace Channels.AspNetCore.Tests.Pusher;

public sealed class PresenceTests(PusherTestServer server) : IClassFixture<PusherTestServer>
{
    [Fact]
    public async Task Members_see_who_is_there_comes_and_goes()
    {
        using var zoe = await server.ConnectAsync();
        await zoe.RequestAsync("presence-a", "7", """{"name":"Zoë"}""");
        Assert.Equal(
            """{"event":"pusher_internal:subscription_succeeded","channel":"presence-a","data":"{\"presence\":{\"count\":1,\"ids\":[\"7\"],\"hash\":{\"7\":{\"name\":\"Zoë\"}}}}"}""",
            await zoe.ReadTextAsync());

        var kim = await server.ConnectAsync();
        var members = (await kim.SubscribeAsync("presence-a", "9")).Data().GetProperty("presence");
        Assert.Equal("""{"count":2,"ids":["7","9"],"hash":{"7":{"name":"Zoë"},"9":null}}""", members.GetRawText());
        Assert.Equal(
            """{"event":"pusher_internal:member_added","channel":"presence-a","data":"{\"user_id\":\"9\"}"}""", await zoe.ReadTextAsync());

        await kim.CloseAsync();
        Assert.Equal(
            """{"event":"pusher_internal:member_removed","channel":"presence-a","data":"{\"user_id\":\"9\"}"}""", await zoe.ReadTextAsync());
    }

    [Fact]
    public async Task One_user_is_one_member_however_many_connections()
    {
        using var watcher = await server.ConnectAsync();
        await watcher.SubscribeAsync("presence-many", "watcher");
        using var one = await server.ConnectAsync();
        using var two = await server.ConnectAsync();
        await one.SubscribeAsync("presence-many", "7", "1");
        var added = await watcher.ReadAsync("pusher_internal:member_added");
        Assert.Equal("""{"user_id":"7","user_info":1}""", added.Data().GetRawText());
        var members = (await two.SubscribeAsync("presence-many", "7", "2")).Data().GetProperty("presence");
        Assert.Equal("""{"count":2,"ids":["7","watcher"],"hash":{"7":1,"watcher":null}}""", members.GetRawText());

        await one.UnsubscribeAsync("presence-many");
        Assert.Empty(await one.SettleAsync());
        Assert.Empty(await watcher.SettleAsync());
        await two.UnsubscribeAsync("presence-many");
        await watcher.ReadAsync("pusher_internal:member_removed");
    }

    [Fact]
    public async Task A_numeric_id_is_the_same_user_as_its_digits()
    {
        using var number = await server.ConnectAsync();
        await number.RequestAsync(
            "presence-digits", PusherTestServer.Authorizer.AuthorizePresence(number.SocketId, "presence-digits", """{"user_id":10}"""));
        Assert.Equal(
            """{"count":1,"ids":["10"],"hash":{"10":null}}""",
            (await number.ReadAsync("pusher_internal:subscription_succeeded")).Data().GetProperty("presence").GetRawText());
        using var text = await server.ConnectAsync();
        var members = (await text.SubscribeAsync("presence-digits", "10")).Data().GetProperty("presence");
        Assert.Equal(1, members.GetProperty("count").GetInt32());
        Assert.Empty(await number.SettleAsync());
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"user_id":""}""")]
    [InlineData("""{"user_id":null}""")]
    [InlineData("""{"user_id":{}}""")]
    [InlineData("""{"user_id":"a\u0000b"}""")]
    [InlineData("""nonsense""")]
    [InlineData("""[]""")]
    public async Task Whoever_is_nobody_is_refused(string channelData)
    {
        using var client = await server.ConnectAsync();
        await client.RequestAsync("presence-b", PusherTestServer.Authorizer.AuthorizePresence(client.SocketId, "presence-b", channelData));
        var data = (await client.ReadAsync("pusher:subscription_error")).GetProperty("data");
        Assert.Equal(("AuthError", 400), (data.GetProperty("type").GetString(), data.GetProperty("status").GetInt32()));
    }

    [Fact]
    public async Task Ids_and_infos_have_limits()
    {
        using var client = await server.ConnectAsync();
        await client.SubscribeAsync("presence-id", new string('i', 128));
        await Refused("presence-id2", $$"""{"user_id":"{{new string('i', 129)}}"}""");
        await client.SubscribeAsync("presence-info", "1", $"\"{new string('x', 1022)}\"");
        await Refused("presence-info2", $$"""{"user_id":"1","user_info":"{{new string('x', 1023)}}"}""");

        async Task Refused(string channel, string channelData)
        {
            await client.RequestAsync(channel, PusherTestServer.Authorizer.AuthorizePresence(client.SocketId, channel, channelData));
            await client.ReadAsync("pusher:subscription_error");
        }
    }

    [Fact]
    public async Task The_last_place_is_given_and_none_after_it()
    {
        var clients = new List<PusherTestClient>();
        for (var i = 0; i < 100; i++)
        {
            clients.Add(await server.ConnectAsync());
            await clients[i].SubscribeAsync("presence-full", $"user-{i}");
        }

        using var late = await server.ConnectAsync();
        await late.RequestAsync("presence-full", "late");
        var data = (await late.ReadAsync("pusher:subscription_error")).GetProperty("data");
        Assert.Equal(("LimitReached", 4100), (data.GetProperty("type").GetString(), data.GetProperty("status").GetInt32()));

        // Nothing of the channel reaches who was refused; another connection of a member is let in, and so is the next when one leaves.
        await server.TriggerAsync("presence-full", "e", "1");
        Assert.Empty(await late.SettleAsync());
        using var again = await server.ConnectAsync();
        await again.SubscribeAsync("presence-full", "user-5");
        await clients[7].CloseAsync();
        var removed = await again.ReadAsync("pusher_internal:member_removed");
        Assert.Equal("user-7", removed.Data().GetProperty("user_id").GetString());
        await late.SubscribeAsync("presence-full", "late");
        clients.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task A_signed_in_user_needs_no_name_on_the_channel()
    {
        using var client = await server.ConnectAsync();
        await client.RequestAsync("presence-signed", PusherTestServer.Authorizer.AuthorizeChannel(client.SocketId, "presence-signed"));
        await client.ReadAsync("pusher:subscription_error");
        await client.SignInAsync("me");
        await client.RequestAsync("presence-signed", PusherTestServer.Authorizer.AuthorizeChannel(client.SocketId, "presence-signed"));
        var members = (await client.ReadAsync("pusher_internal:subscription_succeeded")).Data().GetProperty("presence");
        Assert.Equal("""["me"]""", members.GetProperty("ids").GetRawText());
    }

    [Fact]
    public async Task A_storm_of_joins_loses_none()
    {
        const int Count = 500;
        await using var large = new PusherTestServer { Configure = options => options.Apps[0].Limits.MaxPresenceMembers = Count + 1 };
        await large.InitializeAsync();
        using var watcher = await large.ConnectAsync();
        await watcher.SubscribeAsync("presence-storm", "watcher");
        var joining = Enumerable.Range(0, Count).Select(async i =>
        {
            var client = await large.ConnectAsync();
            var members = (await client.SubscribeAsync("presence-storm", $"user-{i}")).Data().GetProperty("presence");
            return (client, known: members.GetProperty("ids").EnumerateArray().Select(id => id.GetString()!).ToHashSet(StringComparer.Ordinal));
        }).ToArray();
        var clients = await Task.WhenAll(joining).Within(TimeSpan.FromMinutes(2));

        foreach (var (client, known) in clients)
        {
            while (known.Count < Count + 1)
            {
                var added = await client.ReadAsync("pusher_internal:member_added");
                Assert.True(known.Add(added.Data().GetProperty("user_id").GetString()!));
            }
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (seen.Count < Count)
        {
            Assert.True(seen.Add((await watcher.ReadAsync("pusher_internal:member_added")).Data().GetProperty("user_id").GetString()!));
        }

        foreach (var (client, _) in clients)
        {
            client.Dispose();
        }

        while (seen.Count > 0)
        {
            Assert.True(seen.Remove((await watcher.ReadAsync("pusher_internal:member_removed")).Data().GetProperty("user_id").GetString()!));
        }
    }
}
