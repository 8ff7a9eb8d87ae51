using Channels.Storage.Memory;
using Channels.Testing;
using Channels.TestSupport;
using Channels.TestSupport.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Channels.Engine.Tests.Ordering;

/// <summary>Connections with many addresses and patterns that come and go while several publishers publish at full speed.</summary>
public sealed class MergeTests
{
    private const int Seeds = 60;
    private const int Channels = 24;
    private const int Publishers = 2;
    private const int Connections = 3;
    private const int MessagesEach = 300;

    /// <summary>So many that their connections are told later than the publisher goes on.</summary>
    private const int Crowd = 40;

    [Fact]
    public async Task P2_the_messages_of_all_addresses_come_in_one_order_and_none_is_missing()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            try
            {
                await RunAsync(new Random(seed), seed);
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"Seed {seed}: {exception.Message}", exception);
            }
        }
    }

    private static async Task RunAsync(Random random, int seed)
    {
        var store = new ScriptedStore(new MemoryStore(new ManualTimeProvider()));
        if (seed % 3 == 0)
        {
            store.AfterRead = _ => YieldAsync();
        }

        var tail = random.Next(1, 40);
        await using var host = ChannelsTestHost.Create(
            channels => channels.UseScriptedStorage(store).AddChannel("/a/{name}").AddChannel("/b/{name}"), options => options.TailMessages = tail);
        var published = new List<(long Id, string Channel)>();
        using var done = new CancellationTokenSource();
        for (var i = 0; seed % 2 == 0 && i < Crowd; i++)
        {
            // They never read, and end with the host.
            var idle = host.Connections.TryOpen(new() { Protocol = "test", Caller = ChannelCaller.Host })!;
            await idle.SubscribeAsync(Name(0)).Within();
            await idle.SubscribeAsync(Name(1)).Within();
        }

        var readers = Enumerable.Range(0, Connections).Select(_ => ReadAsync(host, published, random.Next(), done.Token)).ToArray();
        await Task.WhenAll(Enumerable.Range(0, Publishers).Select(_ => PublishAsync(host, published, random.Next()))).Within();
        await done.CancelAsync();
        foreach (var (attached, received) in await Task.WhenAll(readers).Within())
        {
            Assert.Equal(received.Order(), received);
            var expected = published.Where(message => attached.TryGetValue(message.Channel, out var after) && message.Id > after);
            Assert.Equal([], expected.Select(message => message.Id).Except(received));
            Assert.Equal(received.Count, received.Distinct().Count());
        }
    }

    private static async Task YieldAsync() => await Task.Yield();

    private static Task PublishAsync(ChannelsTestHost host, List<(long Id, string Channel)> published, int seed) => Task.Run(async () =>
    {
        var random = new Random(seed);
        for (var i = 0; i < MessagesEach; i++)
        {
            var message = await host.Channels.PublishAsync(Name(random.Next(Channels)), new()).Within();
            lock (published)
            {
                published.Add((message.Id, message.Address.Channel));
            }
        }
    });

    /// <returns>From which id on each address is complete, and every id that came, in order.</returns>
    private static Task<(Dictionary<string, long> Attached, List<long> Received)> ReadAsync(
        ChannelsTestHost host, List<(long Id, string Channel)> published, int seed, CancellationToken done) => Task.Run(async () =>
    {
        var random = new Random(seed);
        await using var connection = host.Connections.TryOpen(new() { Protocol = "test", Caller = ChannelCaller.Host })!;
        var attached = new Dictionary<string, long>();
        var received = new List<long>();
        while (true)
        {
            // Read once, and first: only publishers that were done before the reading leave nothing to wait for after it.
            var last = done.IsCancellationRequested ? LastOf(published, attached) : long.MaxValue;
            while (connection.TryRead(out var delivery))
            {
                Assert.Equal(DeliveryKind.Message, delivery.Kind);
                received.Add(delivery.Message!.Id);
            }

            if ((received.Count == 0 ? 0 : received[^1]) >= last)
            {
                return (attached, received);
            }

            if (last == long.MaxValue)
            {
                await ChangeAsync(connection, attached, random);
            }

            await WaitAsync(connection, last == long.MaxValue ? done : default);
        }
    });

    private static async Task ChangeAsync(IChannelConnection connection, Dictionary<string, long> attached, Random random)
    {
        var name = Name(random.Next(Channels));
        switch (random.Next(6))
        {
            case 0 when attached.Remove(name):
                connection.Unsubscribe(name);
                break;
            case 1 when attached.Keys.All(other => other[1] != name[1]):
                Assert.True(ChannelPattern.TryParse(name[..3] + "*", out var pattern));
                var since = (await connection.SubscribePatternAsync(pattern, ChannelAddress.DefaultInstance).Within()).Position.Value;
                for (var i = 0; i < Channels; i++)
                {
                    // Every address of the pattern, which stays.
                    if (Name(i)[1] == name[1])
                    {
                        attached[Name(i)] = since;
                    }
                }

                break;
            default:
                attached.TryAdd(name, (await connection.SubscribeAsync(name).Within()).Position.Value);
                break;
        }
    }

    private static async Task WaitAsync(IChannelConnection connection, CancellationToken done)
    {
        try
        {
            Assert.True(await connection.WaitToReadAsync(done).Within());
        }
        catch (OperationCanceledException)
        {
            // The publishers are done.
        }
    }

    private static long LastOf(List<(long Id, string Channel)> published, Dictionary<string, long> attached) =>
        published.Where(message => attached.TryGetValue(message.Channel, out var after) && message.Id > after)
            .Select(message => message.Id).DefaultIfEmpty(0).Max();

    private static string Name(int channel) => channel % 2 == 0 ? $"/a/{channel}" : $"/b/{channel}";
}
