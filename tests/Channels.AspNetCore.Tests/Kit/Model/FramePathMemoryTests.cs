using System.Net.WebSockets;
using Channels.AspNetCore.Connections;
using Channels.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Channels.AspNetCore.Tests.Kit.Model;

/// <summary>What delivering costs in memory, from publishing to the bytes of the client's connection.</summary>
[Collection(MemoryCollection.Name)]
public sealed class FramePathMemoryTests : IAsyncLifetime
{
    private const int FrameBytes = 130;

    private static readonly MessageDraft Draft = new($"\"{new string('x', FrameBytes - 6)}\"");

    private readonly List<Task> _serving = [];
    private readonly List<SinkTransport> _transports = [];
    private readonly WireForm _form = new(static (in Delivery delivery) => delivery.Message?.Payload ?? default, Framing.WebSocketText);
    private readonly ChannelsTestHost _host = ChannelsTestHost.Create(
        channels => channels.AddChannel("{name}", channel => channel.Retain(count: 100)), options => options.TailMessages = 100);

    private readonly TransportSettings _settings;

    public FramePathMemoryTests()
    {
        _settings = new() { Time = _host.Time, Logger = NullLogger.Instance, CloseTimeout = TimeSpan.FromSeconds(5) };
    }

    public ValueTask InitializeAsync() => default;

    public async ValueTask DisposeAsync()
    {
        _transports.ForEach(transport => transport.Leave());
        await Task.WhenAll(_serving).Within();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task Delivering_a_message_to_one_more_client_allocates_nothing()
    {
        const int Few = 10;
        const int Many = 510;
        const int Messages = 100;
        var few = await StartAsync("few", Few);
        var many = await StartAsync("many", Many);
        await DeliverAsync("few", few, Messages);
        await DeliverAsync("many", many, Messages);

        // The best of several: what the runtime does meanwhile is not the deliveries'.
        var each = double.MaxValue;
        for (var round = 0; round < 3; round++)
        {
            var ofFew = await AllocatedByAsync(() => DeliverAsync("few", few, Messages));
            var ofMany = await AllocatedByAsync(() => DeliverAsync("many", many, Messages));
            each = Math.Min(each, (ofMany - ofFew) / (double)((Many - Few) * Messages));
        }

        Assert.InRange(each, double.MinValue, 1);
    }

    [Fact]
    public async Task P5_one_client_of_a_thousand_that_stops_reading_changes_nothing_for_the_others_and_keeps_no_memory()
    {
        const int Rounds = 10;
        const int Messages = 50;
        var others = await StartAsync("a", 999);
        var (stopped, connection, serving) = await StartOneAsync("a", new() { IsStopped = true }, maxLagMessages: Rounds * Messages / 2);
        await DeliverAsync("a", others, Messages);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var round = 1; round < Rounds; round++)
        {
            await DeliverAsync("a", others, Messages);
        }

        // It was let lag for half of the time, and then ended; its write is given up after the time for closing.
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 500_000);
        Assert.Equal(ConnectionEnd.TooSlow, connection.End);
        Assert.Equal(0, stopped.Taken);
        Assert.False(serving.IsCompleted);
        _host.Time.Advance(_settings.CloseTimeout);
        await serving.Within();
        Assert.Equal(999, _host.Connections.Count);
        await DeliverAsync("a", others, 1);
    }

    private static async Task<long> AllocatedByAsync(Func<Task> action)
    {
        var before = GC.GetTotalAllocatedBytes(precise: true);
        await action();
        return GC.GetTotalAllocatedBytes(precise: true) - before;
    }

    /// <summary>Publishes message after message, each when all clients have the one before, so that nothing goes out together.</summary>
    private async Task DeliverAsync(string channel, SinkTransport[] transports, int messages)
    {
        var taken = transports[0].Taken;
        for (var i = 0; i < messages; i++)
        {
            await _host.Channels.PublishAsync(channel, Draft).Within();
            taken += FrameBytes;
            var spin = new SpinWait();
            for (var next = 0; next < transports.Length;)
            {
                if (transports[next].Taken == taken)
                {
                    next++;
                }
                else
                {
                    // Waits without allocating.
                    spin.SpinOnce(sleep1Threshold: -1);
                }
            }
        }
    }

    private async Task<SinkTransport[]> StartAsync(string channel, int clients)
    {
        var transports = new SinkTransport[clients];
        for (var i = 0; i < clients; i++)
        {
            (transports[i], _, _) = await StartOneAsync(channel, new(), maxLagMessages: 10_000);
        }

        return transports;
    }

    private async Task<(SinkTransport Transport, IChannelConnection Connection, Task Serving)> StartOneAsync(
        string channel, SinkTransport transport, int maxLagMessages)
    {
        var connection = _host.Connections.TryOpen(new()
        {
            Protocol = "memory",
            Caller = ChannelCaller.Host,
            SharesWakeUps = true,
            MaxLagMessages = maxLagMessages,
        })!;
        await connection.SubscribeAsync(channel).Within();
        var serving = ServeAsync(connection, transport);
        _transports.Add(transport);
        _serving.Add(serving);
        return (transport, connection, serving);
    }

    private async Task ServeAsync(IChannelConnection connection, SinkTransport transport)
    {
        using var stream = new UpgradedStream(transport);
        using var socket = WebSocket.CreateFromStream(stream, new WebSocketCreationOptions { IsServer = true, KeepAliveInterval = TimeSpan.Zero });
        using var lifetime = new ConnectionLifetime(connection, _settings, subscriptions: 1, CancellationToken.None);
        await new WebSocketLink(socket, stream, connection, lifetime, _settings)
            .RunAsync(_form, default, static end => new(WebSocketCloseStatus.NormalClosure, $"{end}"));
    }
}
