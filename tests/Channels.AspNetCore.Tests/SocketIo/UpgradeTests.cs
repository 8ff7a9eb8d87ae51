using System.Net.WebSockets;
using Channels.AspNetCore.SocketIo.EngineIo;

namespace Channels.AspNetCore.Tests.SocketIo;

/// <summary>The change from polling to a WebSocket.</summary>
public sealed class UpgradeTests(SocketIoServer server) : IClassFixture<SocketIoServer>
{
    private const string Echo = "/engine.io";

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public async Task A_probe_is_answered_the_poll_ends_and_the_socket_takes_over(int revision)
    {
        await using var patient = new PatientServer();
        await patient.InitializeAsync();
        var client = await PollingClient.OpenAsync(patient, Echo, revision);
        var poll = client.ReadAsync();
        using var socket = await SocketClient.OpenAsync(patient, Echo, revision, $"&sid={client.Sid}");
        await socket.SendAsync("2probe");
        Assert.Equal("3probe", await socket.ReadAsync());

        await patient.AdvanceUntilAsync(() => poll.IsCompleted, TimeSpan.FromMilliseconds(100));
        Assert.Equal(["6"], await poll);
        var again = client.ReadAsync();
        await patient.AdvanceUntilAsync(() => again.IsCompleted, TimeSpan.FromMilliseconds(100));
        Assert.Equal(["6"], await again);
        await client.SendAsync("4by request");
        Assert.Equal(["4by request"], await client.ReadAsync());
        await socket.SendAsync("5");
        await socket.SendAsync("4by socket");

        Assert.Equal("4by socket", await socket.ReadAsync());
        (await client.PollAsync()).Expect(400, """{"code":3,"message":"Bad request"}""");
        (await client.PostAsync("4x")).Expect(400);
        await socket.SendAsync("4still");
        Assert.Equal("4still", await socket.ReadAsync());
    }

    [Fact]
    public async Task A_poll_that_is_open_when_the_socket_takes_over_ends()
    {
        var client = await PollingClient.OpenAsync(server, Echo, 4);
        using var socket = await ProbeAsync(client);
        var poll = client.PollAsync();
        await client.SendAsync("6");
        await socket.SendAsync("5");
        await socket.SendAsync("4now");

        Assert.Equal("4now", await socket.ReadAsync());
        Assert.Contains((await poll.Within()).Body, new[] { "6", """{"code":3,"message":"Bad request"}""" });
    }

    [Theory]
    [InlineData("2probe!")]
    [InlineData("2")]
    [InlineData("5")]
    [InlineData("4early")]
    [InlineData("abc")]
    public async Task Anything_else_closes_the_socket_alone(string text)
    {
        var client = await PollingClient.OpenAsync(server, Echo, 4);
        using var socket = await SocketClient.OpenAsync(server, Echo, 4, $"&sid={client.Sid}");
        await socket.SendAsync(text);

        Assert.Null(await socket.ReadAsync());
        await client.SendAsync("4by request");
        Assert.Equal(["4by request"], await client.ReadAsync());
        await socket.Socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None).Within();
        await ProbeAgainAsync(client);
    }

    [Fact]
    public async Task A_client_that_never_completes_is_left_polling()
    {
        var client = await PollingClient.OpenAsync(server, Echo, 4);
        using var socket = await ProbeAsync(client);

        server.Time.Advance(TimeSpan.FromSeconds(10));

        Assert.Null(await socket.ReadAsync());
        await client.SendAsync("4by request");
        Assert.Equal("4by request", (await client.ReadAsync(1))[^1]);
    }

    [Fact]
    public async Task A_second_socket_is_closed_and_changes_nothing()
    {
        var client = await PollingClient.OpenAsync(server, Echo, 4);
        using var socket = await ProbeAsync(client);
        using var second = await SocketClient.OpenAsync(server, Echo, 4, $"&sid={client.Sid}");
        Assert.Null(await second.ReadAsync());
        await socket.SendAsync("5");
        await socket.SendAsync("4a");
        Assert.Equal("4a", await socket.ReadAsync());

        using var third = await SocketClient.OpenAsync(server, Echo, 4, $"&sid={client.Sid}");
        Assert.Null(await third.ReadAsync());
        await socket.SendAsync("4b");
        Assert.Equal("4b", await socket.ReadAsync());
    }

    [Fact]
    public async Task Nothing_is_lost_doubled_or_reordered_whenever_the_socket_takes_over()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            await UpgradeUnderLoadAsync(seed);
        }
    }

    private async Task UpgradeUnderLoadAsync(int seed)
    {
        const int Messages = 60;
        var random = new Random(seed);
        var revision = seed % 2 == 0 ? 4 : 3;
        var (probeAt, completeAt) = (random.Next(0, 6), random.Next(6, 12));
        var client = await PollingClient.OpenAsync(server, "/speakap", revision);
        await client.SendAsync(
            [.. revision == 4 ? ["40"] : Array.Empty<string>(), $$"""420["subscribe",{"channel":"open-{{seed}}","accessToken":"{{SocketIoServer.BobToken}}"}]"""]);
        while (!(await client.ReadAsync()).Any(packet => packet.StartsWith("430[{\"ok\":true", StringComparison.Ordinal)))
        {
        }

        var publishing = PublishAsync(seed, Messages, random.Next(1, 6));
        var received = new List<string>();
        SocketClient? socket = null;
        for (var polls = 0; polls < completeAt && received.Count < Messages; polls++)
        {
            if (polls == probeAt)
            {
                socket = await SocketClient.OpenAsync(server, "/speakap", revision, $"&sid={client.Sid}");
                await socket.SendAsync("2probe");
                Assert.Equal("3probe", await socket.ReadAsync());
            }

            received.AddRange(Numbers(await client.ReadAsync(), seed));
        }

        using (socket)
        {
            if (socket is not null)
            {
                await socket.SendAsync("5");
                while (received.Count < Messages)
                {
                    received.AddRange(Numbers([(await socket.ReadAsync())!], seed));
                }

                await server.PublishAsync($"open-{seed}", "\"last\"");
                Assert.Equal(["\"last\""], Numbers([(await socket.ReadAsync())!], seed));
            }
        }

        await publishing.Within();
        Assert.Equal(Enumerable.Range(0, Messages).Select(number => $"{number}"), received);
    }

    private Task PublishAsync(int seed, int messages, int burst) => Task.Run(async () =>
    {
        for (var number = 0; number < messages; number++)
        {
            await server.PublishAsync($"open-{seed}", $"{number}");
            if (number % burst == 0)
            {
                // Lets requests come between, however fast the engine is.
                (await server.SendAsync("GET", "/engine.io/", key: null)).Expect(400);
            }
        }
    });

    private static IEnumerable<string> Numbers(IEnumerable<string> packets, int seed)
    {
        var start = $"42[\"open-{seed}\",";
        return packets.Where(packet => packet.StartsWith(start, StringComparison.Ordinal)).Select(packet => packet[start.Length..^1]);
    }

    private async Task<SocketClient> ProbeAsync(PollingClient client)
    {
        var socket = await SocketClient.OpenAsync(server, Echo, 4, $"&sid={client.Sid}");
        await socket.SendAsync("2probe");
        Assert.Equal("3probe", await socket.ReadAsync());
        return socket;
    }

    /// <summary>The socket before is let go of a moment after its client knows.</summary>
    private async Task ProbeAgainAsync(PollingClient client)
    {
        for (var tries = 0; ; tries++)
        {
            using var socket = await SocketClient.OpenAsync(server, Echo, 4, $"&sid={client.Sid}");
            await socket.SendAsync("2probe");
            if (await socket.ReadAsync() == "3probe")
            {
                return;
            }

            Assert.True(tries < 200, "The session never takes another socket.");
        }
    }

    /// <summary>Lets the clock run ahead of a request that is on its way, without anything running out.</summary>
    private sealed class PatientServer : SocketIoServer
    {
        private protected override EngineIoSettings Configure(EngineIoSettings settings) =>
            settings with { PingInterval = TimeSpan.FromDays(1), UpgradeTimeout = TimeSpan.FromDays(1) };
    }
}
