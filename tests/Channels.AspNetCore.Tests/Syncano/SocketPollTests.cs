using System.Net.WebSockets;
using Channels.AspNetCore.Tests.Support;
using Microsoft.AspNetCore.Builder;

namespace Channels.AspNetCore.Tests.Syncano;

public sealed class SocketPollTests(SocketPollTests.Server server) : IClassFixture<SocketPollTests.Server>
{
    private const string Key = $"&api_key={Keys.Api}&user_key={Keys.Bob}";

    [Fact]
    public async Task Stored_messages_come_first_and_live_ones_follow()
    {
        await server.CreateAsync("live", ChannelPermission.Subscribe);
        var old = await server.PublishAsync("live", """{"n": 1}""");
        using var socket = await server.ConnectAsync($"channels/live/poll/?transport=websocket&last_id=0{Key}");
        Assert.Equal(
            $$$"""{"id":{{{old.Id}}},"created_at":"{{{server.Now}}}","action":"custom","author":{},"metadata":{"type":"message"},"payload":{"n": 1}}""",
            await socket.ReadTextAsync());
        for (var n = 2; n < 50; n++)
        {
            var message = await server.PublishAsync("live", $$"""{"n":{{n}}}""");
            Assert.Equal(message.Id, (await socket.ReadJsonAsync()).GetProperty("id").GetInt64());
        }

        await socket.CloseAsync();
        Assert.Equal(WebSocketCloseStatus.NormalClosure, socket.CloseStatus);
    }

    [Fact]
    public async Task What_the_client_sends_is_thrown_away()
    {
        await server.CreateAsync("noise", ChannelPermission.Subscribe);
        using var socket = await server.ConnectAsync($"channels/noise/poll/?transport=websocket{Key}");
        await socket.SendAsync(new byte[900], WebSocketMessageType.Binary, true, default).Within();
        await socket.SendAsync(""u8.ToArray(), WebSocketMessageType.Text, true, default).Within();
        await socket.SendAsync(new byte[1000], WebSocketMessageType.Text, false, default).Within();
        await socket.SendAsync("{}"u8.ToArray(), WebSocketMessageType.Text, true, default).Within();
        var message = await server.PublishAsync("noise", "{}");
        Assert.Equal(message.Id, (await socket.ReadJsonAsync()).GetProperty("id").GetInt64());
        await socket.CloseAsync();
    }

    [Fact]
    public async Task A_message_that_is_too_big_ends_the_socket()
    {
        await server.CreateAsync("big", ChannelPermission.Subscribe);
        using var socket = await server.ConnectAsync($"channels/big/poll/?transport=websocket{Key}");
        await socket.SendAsync(new byte[1000], WebSocketMessageType.Text, false, default).Within();
        await socket.SendAsync(new byte[25], WebSocketMessageType.Text, false, default).Within();
        Assert.Null(await socket.ReadTextAsync());
        Assert.Equal(WebSocketCloseStatus.MessageTooBig, socket.CloseStatus);
    }

    [Fact]
    public async Task The_socket_is_closed_after_five_minutes()
    {
        await server.CreateAsync("limited", ChannelPermission.Subscribe);
        using var socket = await server.ConnectAsync($"channels/limited/poll/?transport=websocket{Key}");
        server.Time.Advance(TimeSpan.FromSeconds(299));
        await server.PublishAsync("limited", "{}");
        Assert.NotNull(await socket.ReadTextAsync());
        server.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await socket.ReadTextAsync());
        Assert.Equal(WebSocketCloseStatus.NormalClosure, socket.CloseStatus);
        await socket.CloseAsync();
    }

    [Theory]
    [InlineData("delete", """{"detail":"Not found."}""")]
    [InlineData("withdraw", """{"detail":"You do not have permission to perform this action."}""")]
    public async Task A_late_error_is_one_frame(string how, string frame)
    {
        await server.CreateAsync(how, ChannelPermission.Subscribe);
        using var socket = await server.ConnectAsync($"channels/{how}/poll/?transport=websocket{Key}");
        if (how == "delete")
        {
            await server.SendAsync("DELETE", $"channels/{how}/");
        }
        else
        {
            await server.SendAsync("PATCH", $"channels/{how}/", json: """{"other_permissions":"none"}""");
        }

        Assert.Equal(frame, await socket.ReadTextAsync());
        Assert.Null(await socket.ReadTextAsync());
        Assert.Equal(WebSocketCloseStatus.NormalClosure, socket.CloseStatus);
        await socket.CloseAsync();
    }

    [Fact]
    public async Task A_client_that_vanishes_frees_its_connection()
    {
        await server.CreateAsync("vanish", ChannelPermission.Subscribe);
        var socket = await server.ConnectAsync($"channels/vanish/poll/?transport=websocket{Key}");
        var open = server.Connections.Count;
        socket.Abort();
        socket.Dispose();
        await Testing.ChannelsTestHost.EventuallyAsync(() => server.Connections.Count < open);
    }

    public sealed class Server : TestServer
    {
        protected override void Map(WebApplication app) => app.MapChannelEndpoints(options => options.MaxClientMessageBytes = 1024);
    }
}
