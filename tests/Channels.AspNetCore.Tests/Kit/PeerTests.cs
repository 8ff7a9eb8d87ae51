using System.Net.WebSockets;
using System.Text;
using Channels.AspNetCore.Connections;
using Channels.AspNetCore.Tests.Support;
using Channels.Testing;

namespace Channels.AspNetCore.Tests.Kit;

/// <summary>A socket that belongs to no session until its client says so.</summary>
public sealed class PeerTests
{
    [Fact]
    public async Task Answers_go_out_before_and_while_a_session_is_served()
    {
        await using var server = await KitServer.StartAsync();
        var session = await server.OpenAsync();
        using var socket = await server.ConnectAsync("/kit/socket");
        await SendAsync(socket, "2probe");
        Assert.Equal("2probe", await socket.ReadTextAsync());

        await SendAsync(socket, session.Id);
        await server.PublishAsync(1, 2);
        Assert.Equal("1", await socket.ReadTextAsync());
        Assert.Equal("2", await socket.ReadTextAsync());
        await SendAsync(socket, "again");
        Assert.Equal("again", await socket.ReadTextAsync());

        session.Close();
        Assert.Null(await socket.ReadTextAsync());
        Assert.Equal("Ended", socket.CloseStatusDescription);
    }

    [Fact]
    public async Task A_client_that_closes_is_answered_normally()
    {
        await using var server = await KitServer.StartAsync();
        using var socket = await server.ConnectAsync("/kit/echo");
        await SendAsync(socket, "1");
        Assert.Equal("1", await socket.ReadTextAsync());

        await socket.CloseAsync();

        Assert.Equal(WebSocketCloseStatus.NormalClosure, socket.CloseStatus);
    }

    [Fact]
    public async Task A_front_end_closes_in_its_own_words()
    {
        await using var server = await KitServer.StartAsync();
        using var socket = await server.ConnectAsync("/kit/echo");
        await SendAsync(socket, "end");

        Assert.Null(await socket.ReadTextAsync());

        Assert.Equal((WebSocketCloseStatus)4000, socket.CloseStatus);
        Assert.Equal("as you wish", socket.CloseStatusDescription);
    }

    [Fact]
    public async Task A_client_that_breaks_a_limit_is_told_so_whatever_is_served()
    {
        await using var server = await KitServer.StartAsync();
        var session = await server.OpenAsync();
        using var socket = await server.ConnectAsync("/kit/socket");
        await SendAsync(socket, session.Id);
        await SendAsync(socket, new string('x', 4097));

        Assert.Null(await socket.ReadTextAsync());
        Assert.Equal(WebSocketCloseStatus.MessageTooBig, socket.CloseStatus);
        await socket.CloseAsync();
        await ChannelsTestHost.EventuallyAsync(() => session.TryAttach(takeOver: false) is { } free && Free(free));
    }

    private static Task SendAsync(ClientWebSocket socket, string text) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None).Within();

    private static bool Free(SessionAttachment attachment)
    {
        attachment.Dispose();
        return true;
    }
}
