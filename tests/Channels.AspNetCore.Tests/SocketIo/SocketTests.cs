using System.Net.WebSockets;
using Channels.AspNetCore.Tests.Support;

namespace Channels.AspNetCore.Tests.SocketIo;

/// <summary>Sessions over a WebSocket from the start, with an echo.</summary>
public sealed class SocketTests(SocketIoServer server) : IClassFixture<SocketIoServer>
{
    private const string Echo = "/engine.io";

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public async Task The_first_frame_opens_and_offers_no_upgrade(int revision)
    {
        using var socket = await server.ConnectAsync($"{Echo}/?EIO={revision}&transport=websocket");

        Assert.Contains("\"upgrades\":[]", await socket.ReadTextAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3, "", "#040102", "04010203", "#04010203")]
    [InlineData(3, "&b64=1", "b4AQI=", "0401", "b4AQ==")]
    [InlineData(4, "", "#0102", "010203", "#010203")]
    public async Task Text_and_bytes_come_back(int revision, string query, string first, string sent, string received)
    {
        using var client = await SocketClient.OpenAsync(server, Echo, revision, query);
        await client.SendAsync("4hello €");
        await client.SendAsync("4");
        await client.SendAsync(Convert.FromHexString(revision == 3 ? "040102" : "0102"));
        await client.SendAsync(Convert.FromHexString(sent));

        foreach (var expected in new[] { "4hello €", "4", first, received })
        {
            Assert.Equal(expected, await client.ReadAsync());
        }
    }

    [Theory]
    [InlineData(3, "abc")]
    [InlineData(3, "")]
    [InlineData(3, "7")]
    [InlineData(3, "b9AQ==")]
    [InlineData(3, "3")]
    [InlineData(4, "abc")]
    [InlineData(4, "9")]
    [InlineData(4, "2")]
    [InlineData(4, "1")]
    public async Task What_no_client_may_send_closes(int revision, string text)
    {
        using var client = await SocketClient.OpenAsync(server, Echo, revision);
        await client.SendAsync(text);

        Assert.Equal(WebSocketCloseStatus.NormalClosure, await client.ReadCloseAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("07")]
    [InlineData("FF")]
    public async Task Bytes_of_revision_3_begin_with_a_type(string bytes)
    {
        using var client = await SocketClient.OpenAsync(server, Echo, 3);
        await client.SendAsync(Convert.FromHexString(bytes));

        Assert.Equal(WebSocketCloseStatus.NormalClosure, await client.ReadCloseAsync());
    }

    [Fact]
    public async Task One_byte_too_many_closes_as_too_big()
    {
        using var fits = await SocketClient.OpenAsync(server, Echo, 4);
        await fits.SendAsync($"4{new string('x', 999_999)}");
        Assert.Equal(1_000_000, (await fits.ReadAsync())!.Length);

        await fits.SendAsync($"4{new string('x', 1_000_000)}");
        Assert.Equal(WebSocketCloseStatus.MessageTooBig, await fits.ReadCloseAsync());
    }

    [Fact]
    public async Task Text_that_is_not_utf8_closes()
    {
        using var client = await SocketClient.OpenAsync(server, Echo, 4);
        await client.Socket.SendAsync(new byte[] { 0x34, 0xC3, 0x28 }, WebSocketMessageType.Text, true, CancellationToken.None).Within();

        Assert.Equal(WebSocketCloseStatus.InvalidPayloadData, await client.ReadCloseAsync());
    }

    [Fact]
    public async Task The_session_ends_with_its_socket()
    {
        using var client = await SocketClient.OpenAsync(server, Echo, 4);
        var before = server.Connections.Count;
        client.Socket.Abort();

        await Testing.ChannelsTestHost.EventuallyAsync(() => server.Connections.Count < before);
    }
}
