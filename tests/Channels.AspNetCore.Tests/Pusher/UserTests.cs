using System.Text.Json;
using Channels.AspNetCore.Pusher;

namespace Channels.AspNetCore.Tests.Pusher;

public sealed class UserTests(PusherTestServer server) : IClassFixture<PusherTestServer>
{
    [Fact]
    public async Task Users_get_what_is_sent_to_them_and_to_nobody_else()
    {
        using var one = await server.SignInAsync("12345");
        using var two = await server.SignInAsync("12345");
        using var other = await server.SignInAsync("other/user ä");
        await one.SubscribeAsync("#server-to-user-12345");
        await two.SubscribeAsync("#server-to-user-12345");
        await other.SubscribeAsync("#server-to-user-other/user ä");

        await server.TriggerAsync("#server-to-user-12345", "for-you", "1");
        await server.TriggerAsync("#server-to-user-other/user ä", "for-other", "2");

        Assert.Equal("#server-to-user-12345", (await one.ReadAsync("for-you")).Channel());
        await two.ReadAsync("for-you");
        await other.ReadAsync("for-other");
        Assert.Empty(await one.SettleAsync());
    }

    [Fact]
    public async Task The_channel_of_a_user_is_for_that_user()
    {
        using var nobody = await server.ConnectAsync();
        await nobody.RequestAsync("#server-to-user-1", authorization: null);
        Assert.Equal(401, (await nobody.ReadAsync("pusher:subscription_error")).GetProperty("data").GetProperty("status").GetInt32());
        using var other = await server.SignInAsync("2");
        await other.RequestAsync("#server-to-user-1", authorization: null);
        await other.ReadAsync("pusher:subscription_error");
    }

    [Theory]
    [InlineData("""{"id":""}""")]
    [InlineData("""{"id":7}""")]
    [InlineData("""{}""")]
    [InlineData("""nonsense""")]
    public async Task Whoever_has_no_id_is_not_signed_in(string userData)
    {
        using var client = await server.ConnectAsync();
        await client.SendAsync(SignIn(PusherTestServer.Authorizer.AuthenticateUser(client.SocketId, userData)));
        Assert.Equal(4009, (await client.ReadAsync("pusher:error")).Data().GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task A_connection_has_one_user()
    {
        using var client = await server.ConnectAsync();
        await client.SendAsync(SignIn(new PusherAuthorizer(PusherTestServer.Key, "wrong-secret").AuthenticateUser(client.SocketId, new PresenceMember("1"))));
        await client.ReadAsync("pusher:error");
        await client.SignInAsync("1");
        await client.SignInAsync("1");
        await client.SendAsync(SignIn(PusherTestServer.Authorizer.AuthenticateUser(client.SocketId, new PresenceMember("2"))));
        await client.ReadAsync("pusher:error");
    }

    [Fact]
    public async Task A_watchlist_tells_who_is_online_and_when_that_changes()
    {
        using var present = await server.SignInAsync("w-8");
        using var watcher = await server.SignInAsync("w-7", "w-8", "w-9", "w-8");
        Assert.Equal(
            """{"event":"pusher_internal:watchlist_events","data":"{\"events\":[{\"name\":\"online\",\"user_ids\":[\"w-8\"]},{\"name\":\"offline\",\"user_ids\":[\"w-9\"]}]}"}""",
            await watcher.ReadTextAsync());

        var nine = await server.SignInAsync("w-9");
        Assert.Equal(
            """{"event":"pusher_internal:watchlist_events","data":"{\"events\":[{\"name\":\"online\",\"user_ids\":[\"w-9\"]}]}"}""",
            await watcher.ReadTextAsync());

        // Who is back within the delay was never away.
        await nine.CloseAsync();
        await Testing.ChannelsTestHost.EventuallyAsync(() => server.Connections.Count == 2);
        server.Time.Advance(TimeSpan.FromSeconds(2));
        nine = await server.SignInAsync("w-9");
        server.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.Empty(await watcher.SettleAsync());
        await nine.CloseAsync();
        await Testing.ChannelsTestHost.EventuallyAsync(() => server.Connections.Count == 2);
        server.Time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(
            """{"event":"pusher_internal:watchlist_events","data":"{\"events\":[{\"name\":\"offline\",\"user_ids\":[\"w-9\"]}]}"}""",
            await watcher.ReadTextAsync());
    }

    [Fact]
    public async Task A_watchlist_that_is_too_long_is_watched_in_part()
    {
        var ids = Enumerable.Range(0, 101).Select(i => $"long-{i}").ToArray();
        using var whole = await server.SignInAsync("long-watcher", ids[..100]);
        Assert.Equal(100, Offline(await whole.ReadAsync("pusher_internal:watchlist_events")));
        Assert.Empty(await whole.SettleAsync());
        using var more = await server.SignInAsync("longer-watcher", ids);
        Assert.Equal(100, Offline(await more.ReadAsync("pusher_internal:watchlist_events")));
        Assert.Equal(4302, (await more.ReadAsync("pusher:error")).Data().GetProperty("code").GetInt32());

        static int Offline(JsonElement frame) => frame.Data().GetProperty("events")[0].GetProperty("user_ids").GetArrayLength();
    }

    private static string SignIn(PusherAuthorization authorization) => JsonSerializer.Serialize(
        new { @event = "pusher:signin", data = new { auth = authorization.Auth, user_data = authorization.UserData } });
}
