using Channels.AspNetCore.Connections;
using Channels.AspNetCore.Tests.Kit;
using Channels.AspNetCore.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Channels.AspNetCore.Tests.Native;

/// <summary>The option that lets sockets be written directly, through the endpoints that have it.</summary>
public sealed class DirectStreamTests
{
    [Fact]
    public async Task A_stream_is_the_same_by_either_way()
    {
        await using var server = new Server();
        await server.InitializeAsync();
        await server.CreateAsync("direct", ChannelPermission.Subscribe);
        using var socket = await RawSocket.ConnectAsync(server, TestServer.PathOf($"stream/?channel=direct&api_key={Keys.Api}&user_key={Keys.Bob}"));
        await socket.ReadAsync(RawSocket.Text, null);
        await socket.SendAsync(RawSocket.Pong, await socket.ReadAsync(RawSocket.Ping, null));

        // The answer to the client's own ping shows that its pong has been read.
        await socket.SendAsync(RawSocket.Ping, "?"u8.ToArray());
        await socket.ReadAsync(RawSocket.Pong, "?");
        Assert.Equal(1, server.WritePaths[WritePath.Direct]);
        await server.PublishAsync("direct", "3");
        Assert.Contains("\"payload\":3}", Text(await socket.ReadAsync(RawSocket.Text, null)), StringComparison.Ordinal);
    }

    private static string Text(byte[] content) => System.Text.Encoding.UTF8.GetString(content);

    private sealed class Server : TestServer
    {
        public WritePathCounter WritePaths { get; } = new();

        protected override void AddServices(WebApplicationBuilder builder, IChannelsBuilder channels) =>
            builder.Services.AddSingleton<System.Diagnostics.Metrics.IMeterFactory>(WritePaths);

        protected override void Map(WebApplication app) => app.MapChannelEndpoints(options => options.WritesToSockets = true);
    }
}
