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
        using var socket = await server.ConnectAsync($"stream/?channel=direct&api_key={Keys.Api}&user_key={Keys.Bob}");
        Assert.Equal("ready", (await socket.ReadJsonAsync()).GetProperty("event").GetString());
        for (var i = 0; i < 300 && server.WritePaths[WritePath.Direct] == 0; i++)
        {
            // The client reads on while the answer to the ping is on its way.
            var next = socket.ReadJsonAsync();
            await server.PublishAsync("direct", $"{i}");
            Assert.Equal(i, (await next).GetProperty("payload").GetInt32());
        }

        Assert.Equal(1, server.WritePaths[WritePath.Direct]);
        await server.PublishAsync("direct", "\"last\"");
        Assert.Equal("last", (await socket.ReadJsonAsync()).GetProperty("payload").GetString());
        await socket.CloseAsync();
    }

    private sealed class Server : TestServer
    {
        public WritePathCounter WritePaths { get; } = new();

        protected override void AddServices(WebApplicationBuilder builder, IChannelsBuilder channels) =>
            builder.Services.AddSingleton<System.Diagnostics.Metrics.IMeterFactory>(WritePaths);

        protected override void Map(WebApplication app) => app.MapChannelEndpoints(options => options.WritesToSockets = true);
    }
}
