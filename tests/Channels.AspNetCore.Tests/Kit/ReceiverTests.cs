using System.Net.WebSockets;
using System.Text;
using Channels.AspNetCore.Tests.Support;

namespace Channels.AspNetCore.Tests.Kit;

/// <summary>What a client may send over a WebSocket: 4096 bytes, 16 small parts, text.</summary>
public sealed class ReceiverTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1024)]
    [InlineData(1025)]
    [InlineData(4096)]
    public async Task A_message_within_the_limit_comes_whole(int size)
    {
        await using var server = await KitServer.StartAsync();
        using var socket = await ConnectAsync(server);
        var text = new string('x', size);
        await SendAsync(socket, text);
        Assert.Equal(text, await socket.ReadTextAsync());
        await SendAsync(socket, "next");
        Assert.Equal("next", await socket.ReadTextAsync());
    }

    [Fact]
    public async Task Sixteen_small_parts_are_one_message()
    {
        await using var server = await KitServer.StartAsync();
        using var socket = await ConnectAsync(server);
        await SendPartsAsync(socket, 15);
        await SendAsync(socket, "y");
        Assert.Equal($"{new string('x', 15)}y", await socket.ReadTextAsync());
    }

    [Fact]
    public async Task One_small_part_too_many_closes_with_1009()
    {
        await using var server = await KitServer.StartAsync();
        using var socket = await ConnectAsync(server);
        await SendPartsAsync(socket, 17);
        Assert.Null(await socket.ReadTextAsync());
        Assert.Equal(WebSocketCloseStatus.MessageTooBig, socket.CloseStatus);
        Assert.Equal("message in too many parts", socket.CloseStatusDescription);
    }

    [Fact]
    public async Task One_byte_too_many_closes_with_1009_and_the_session_lives()
    {
        await using var server = await KitServer.StartAsync();
        var session = await server.OpenAsync();
        using var socket = await server.ConnectAsync($"/kit/sessions/{session.Id}/socket");
        await SendAsync(socket, new string('x', 4097));
        Assert.Null(await socket.ReadTextAsync());
        Assert.Equal(WebSocketCloseStatus.MessageTooBig, socket.CloseStatus);
        Assert.Equal("message too big", socket.CloseStatusDescription);
        await socket.CloseAsync();

        await server.PublishAsync(1);
        (await server.PollAsync(session)).Expect(200, """{"batch":0,"messages":[1]}""");
    }

    [Fact]
    public async Task Binary_closes_with_1003_where_text_is_expected()
    {
        await using var server = await KitServer.StartAsync();
        using var socket = await ConnectAsync(server);
        await socket.SendAsync(new byte[] { 1, 2, 3 }, WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None).Within();
        Assert.Null(await socket.ReadTextAsync());
        Assert.Equal(WebSocketCloseStatus.InvalidMessageType, socket.CloseStatus);
    }

    [Fact]
    public async Task Text_that_is_not_UTF8_closes_with_1007()
    {
        await using var server = await KitServer.StartAsync();
        using var socket = await ConnectAsync(server);
        await socket.SendAsync(new byte[] { 0x61, 0xC3, 0x28 }, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None).Within();
        Assert.Null(await socket.ReadTextAsync());
        Assert.Equal(WebSocketCloseStatus.InvalidPayloadData, socket.CloseStatus);
    }

    [Fact]
    public async Task A_silent_client_is_closed_and_one_that_talks_is_not()
    {
        await using var server = await KitServer.StartAsync();
        server.Wire.Limits = server.Wire.Limits with
        {
            MaxSilence = TimeSpan.FromSeconds(30),
            Sweep = new(server.Time, TimeSpan.FromSeconds(1)),
            Silent = new((WebSocketCloseStatus)4201, "pong not received"),
        };
        using var socket = await ConnectAsync(server);
        for (var i = 0; i < 3; i++)
        {
            await SendAsync(socket, "here");
            Assert.Equal("here", await socket.ReadTextAsync());
            server.Time.Advance(TimeSpan.FromSeconds(25));
        }

        server.Time.Advance(TimeSpan.FromSeconds(6));

        Assert.Null(await socket.ReadTextAsync());
        Assert.Equal((WebSocketCloseStatus)4201, socket.CloseStatus);
    }

    private static async Task<ClientWebSocket> ConnectAsync(KitServer server)
    {
        var session = await server.OpenAsync();
        return await server.ConnectAsync($"/kit/sessions/{session.Id}/socket");
    }

    private static Task SendAsync(ClientWebSocket socket, string text) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None).Within();

    private static async Task SendPartsAsync(ClientWebSocket socket, int parts)
    {
        for (var i = 0; i < parts; i++)
        {
            await socket.SendAsync("x"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: false, CancellationToken.None).Within();
        }
    }
}
