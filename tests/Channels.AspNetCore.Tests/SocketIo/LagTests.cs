using System.Net.WebSockets;
using Channels.AspNetCore.SocketIo;
using Channels.AspNetCore.Tests.Support;
using Channels.Testing;
using Microsoft.AspNetCore.Builder;

namespace Channels.AspNetCore.Tests.SocketIo;

/// <summary>How far a client may lag, and one past it.</summary>
public sealed class LagTests
{
    private const int MaxMessages = 20;
    private const int MaxBytes = 1000;

    [Theory]
    [InlineData(MaxMessages, 1)]
    [InlineData(2, MaxBytes / 2)]
    [InlineData(1, MaxBytes * 2)]
    public async Task A_client_may_lag_as_far_as_the_limit(int messages, int bytes)
    {
        await using var server = new Server();
        await server.InitializeAsync();
        using var client = await SubscribeAsync(server);
        server.Reading.Hold();
        await PublishAsync(server, messages, bytes);
        server.Reading.Release();
        for (var i = 0; i < messages; i++)
        {
            Assert.StartsWith("42[\"open-1\",", await client.ReadAsync(), StringComparison.Ordinal);
        }

        await server.PublishAsync("open-1", "\"last\"");
        Assert.Equal("""42["open-1","last"]""", await client.ReadAsync());
    }

    [Theory]
    [InlineData(MaxMessages + 1, 1)]
    [InlineData(2, (MaxBytes / 2) + 1)]
    public async Task One_more_ends_the_session(int messages, int bytes)
    {
        await using var server = new Server();
        await server.InitializeAsync();
        using var client = await SubscribeAsync(server);
        server.Reading.Hold();
        await PublishAsync(server, messages, bytes);
        await ChannelsTestHost.EventuallyAsync(() => server.Connections.Count == 0);
        server.Reading.Release();
        Assert.Equal(WebSocketCloseStatus.PolicyViolation, await client.ReadCloseAsync());
    }

    private static async Task<SocketClient> SubscribeAsync(Server server)
    {
        var client = await SocketClient.JoinAsync(server, "/speakap");
        Assert.Contains("\"ok\":true", await SpeakapTests.CallAsync(client, "subscribe", "open-1", SocketIoServer.BobToken), StringComparison.Ordinal);
        return client;
    }

    private static async Task PublishAsync(Server server, int messages, int bytes)
    {
        for (var i = 0; i < messages; i++)
        {
            await server.PublishAsync("open-1", bytes == 1 ? "1" : $"\"{new string('x', bytes - 2)}\"");
        }
    }

    private sealed class Server : SocketIoServer
    {
        public HeldConnections Reading { get; } = new();

        protected override void AddServices(WebApplicationBuilder builder, IChannelsBuilder channels)
        {
            base.AddServices(builder, channels);
            Reading.Attach(builder.Services);
        }

        protected override void Configure(SocketIoOptions options) => (options.MaxLagMessages, options.MaxLagBytes) = (MaxMessages, MaxBytes);
    }
}
