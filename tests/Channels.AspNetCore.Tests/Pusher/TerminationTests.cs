using System.Net.WebSockets;
using Channels.AspNetCore.Tests.Support;

namespace Channels.AspNetCore.Tests.Pusher;

public sealed class TerminationTests(PusherTestServer server) : IClassFixture<PusherTestServer>
{
    [Fact]
    public async Task All_connections_of_a_signed_in_user_are_ended_and_no_others()
    {
        using var one = await server.SignInAsync("end/me ä");
        using var two = await server.SignInAsync("end/me ä");
        using var other = await server.SignInAsync("other");
        using var member = await server.ConnectAsync();
        await member.SubscribeAsync("presence-end", "end/me ä");

        (await server.CallAsync("POST", "users/end%2Fme%20%C3%A4/terminate_connections", "{}")).Expect(200, "{}");

        Assert.Null(await one.ReadTextAsync());
        Assert.Equal(((WebSocketCloseStatus)4009, "You got disconnected by the app."), (one.CloseStatus!.Value, one.CloseReason));
        Assert.Null(await two.ReadTextAsync());
        Assert.Empty(await other.SettleAsync());
        Assert.Empty(await member.SettleAsync());
        (await server.CallAsync("POST", "users/nobody/terminate_connections")).Expect(200, "{}");
    }

    [Fact]
    public async Task A_revoked_user_gets_nothing_published_later()
    {
        using var client = await server.SignInAsync("revoked");
        await client.SubscribeAsync("private-revoked");
        await client.SubscribeAsync("#server-to-user-revoked");

        Assert.Equal(1, await server.Connections.RevokeUserAsync(Keys.Instance, "revoked"));
        await server.TriggerAsync("private-revoked", "e", "1");
        await server.TriggerAsync("#server-to-user-revoked", "e", "1");

        Assert.Null(await client.ReadTextAsync());
        Assert.Equal((WebSocketCloseStatus)4009, client.CloseStatus);
    }

    [Fact]
    public async Task One_connection_can_be_ended_by_its_socket_id()
    {
        using var client = await server.ConnectAsync();
        Assert.True(await server.Connections.DisconnectAsync(client.SocketId));
        Assert.Null(await client.ReadTextAsync());
        Assert.Equal((WebSocketCloseStatus)4009, client.CloseStatus);
    }
}
