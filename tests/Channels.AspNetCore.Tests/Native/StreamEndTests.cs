using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Channels.AspNetCore.Tests.Support;
using Microsoft.AspNetCore.Builder;

namespace Channels.AspNetCore.Tests.Native;

/// <summary>How streams end that nobody asked to end.</summary>
public sealed class StreamEndTests
{
    private const string Key = $"api_key={Keys.Api}&user_key={Keys.Bob}";

    [Fact]
    public async Task A_drain_closes_sockets_and_streams_with_a_hint_and_answers_polls()
    {
        await using var server = new TestServer();
        await server.InitializeAsync();
        await server.CreateAsync("draining", ChannelPermission.Subscribe);
        var head = (await server.PublishAsync("draining", "{}")).Id;
        using var socket = await server.ConnectAsync($"stream/?channel=draining&{Key}");
        Assert.NotNull(await socket.ReadTextAsync());
        using var events = await server.ListenAsync($"stream/?channel=draining&{Key}");
        Assert.Equal("ready", (await events.ReadEventAsync()).Name);
        var poll = server.GetAsync($"channels/draining/poll/?last_id={head}");
        var late = server.GetAsync($"channels/draining/poll/?last_id={head}");

        await server.DrainAsync().Within();
        Assert.Null(await socket.ReadTextAsync());
        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, socket.CloseStatus);
        Assert.Equal("restarting, resume with last_id", socket.CloseStatusDescription);
        Assert.Equal("3000", (await events.ReadBlockAsync())!.Retry);
        Assert.Null(await events.ReadBlockAsync());

        const string Error = """{"detail":"The server is shutting down."}""";
        Assert.Equal("1", (await poll).Expect(503, Error).Header("Retry-After"));
        (await late).Expect(503, Error);
        (await server.GetAsync("channels/draining/poll/")).Expect(503, Error);

        // Any other answer would make a browser give up for good.
        foreach (var path in new[] { $"stream/?channel=draining&{Key}", $"channels/draining/poll/?{Key}" })
        {
            using var later = await server.ListenAsync(path);
            Assert.Equal(200, later.Status);
            Assert.Equal("3000", (await later.ReadBlockAsync())!.Retry);
            Assert.Null(await later.ReadBlockAsync());
        }
    }

    [Theory]
    [InlineData("Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")]
    [InlineData("Accept: text/event-stream\r\nConnection: close")]
    public async Task A_client_that_does_not_read_is_closed_and_delays_nobody(string headers)
    {
        await using var server = new SlowServer();
        await server.InitializeAsync();
        await server.CreateAsync("slow", ChannelPermission.Subscribe);
        using var client = new TcpClient { ReceiveBufferSize = 4096 };
        await client.ConnectAsync(server.BaseAddress.Host, server.BaseAddress.Port).Within();
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"GET {TestServer.Root}/stream/?channel=slow&{Key} HTTP/1.1\r\nHost: x\r\n{headers}\r\n\r\n"));
        await ReadReadyAsync(stream);
        await PublishUntilClosedAsync(server);

        // The pending write is given up after the time for closing.
        await server.AdvanceUntilAsync(() => EndsWithin(stream), TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_slow_client_that_reads_again_is_told_why()
    {
        await using var server = new SlowServer();
        await server.InitializeAsync();
        await server.CreateAsync("slow", ChannelPermission.Subscribe);
        using var socket = await server.ConnectAsync($"stream/?channel=slow&{Key}");
        Assert.NotNull(await socket.ReadTextAsync());
        await PublishUntilClosedAsync(server);
        while (await socket.ReadTextAsync() is not null)
        {
        }

        Assert.Equal((WebSocketCloseStatus)4008, socket.CloseStatus);
        Assert.Equal("too slow, resume with last_id", socket.CloseStatusDescription);
        await socket.CloseAsync();
    }

    private static async Task ReadReadyAsync(NetworkStream stream)
    {
        var received = "";
        var buffer = new byte[1024];
        while (!received.Contains("last_id", StringComparison.Ordinal))
        {
            received += Encoding.Latin1.GetString(buffer, 0, await stream.ReadAsync(buffer).AsTask().Within());
        }
    }

    private static async Task PublishUntilClosedAsync(SlowServer server)
    {
        var payload = $$"""{"x":"{{new string('x', 60_000)}}"}""";
        for (var i = 0; i < 2000 && server.Connections.Count > 0; i++)
        {
            await server.PublishAsync("slow", payload);
        }

        // Lag is looked at on the pool, which this loop may have kept busy.
        await Testing.ChannelsTestHost.EventuallyAsync(() => server.Connections.Count == 0);
    }

    private static bool EndsWithin(NetworkStream stream)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (stream.DataAvailable)
            {
                if (stream.Read(buffer) == 0)
                {
                    return true;
                }
            }

            return stream.Socket.Poll(0, SelectMode.SelectRead) && stream.Socket.Available == 0;
        }
        catch (IOException)
        {
            return true;
        }
    }

    private sealed class SlowServer : TestServer
    {
        protected override void Map(WebApplication app) => app.MapChannelEndpoints(options =>
        {
            options.MaxLagMessages = 20;
            options.MaxLagBytes = 1024 * 1024;
        });
    }
}
