using Channels.Storage.Memory;
using Channels.Testing;
using Channels.TestSupport;
using Channels.TestSupport.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Channels.Engine.Tests.Ordering;

/// <summary>Readers that come at any moment while a publisher publishes at full speed.</summary>
public sealed class DeliveryTests
{
    private const int Seeds = 200;
    private const int Readers = 5;

    [Fact]
    public async Task P2_every_reader_gets_every_later_message_once_and_in_order_or_is_told_the_truth()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            try
            {
                await RunAsync(new Random(seed), suspendsStore: seed % 2 == 1);
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"Seed {seed}: {exception.Message}", exception);
            }
        }
    }

    private static async Task RunAsync(Random random, bool suspendsStore)
    {
        var tail = random.Next(1, 600);
        var retain = random.Next(3) switch { 0 => random.Next(1, 10), 1 => random.Next(10, 200), _ => 10_000 };
        var store = new ScriptedStore(new MemoryStore(new ManualTimeProvider()));
        if (suspendsStore)
        {
            store.AfterRead = _ => YieldAsync();
            store.OnAppend = async (_, commit) =>
            {
                await Task.Yield();
                return await commit();
            };
        }

        await using var host = ChannelsTestHost.Create(
            channels => channels.UseScriptedStorage(store).AddChannel("{name}", c => c.Retain(count: retain)), options => options.TailMessages = tail);
        var published = new List<long>();
        await PublishAsync(host, published, random.Next(1, 40));
        var count = random.Next(50, 400);
        using var done = new CancellationTokenSource();
        var readers = Enumerable.Range(0, Readers).Select(_ => ReadAsync(host, published, random.Next(), done.Token)).ToArray();
        await Task.Run(() => PublishAsync(host, published, count)).Within();
        await done.CancelAsync();
        var seen = await Task.WhenAll(readers).Within();
        foreach (var (after, deliveries) in seen)
        {
            AssertTruthful(published, after, deliveries);
        }
    }

    private static async Task YieldAsync() => await Task.Yield();

    private static async Task PublishAsync(ChannelsTestHost host, List<long> published, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var message = await host.Channels.PublishAsync("a", new()).Within();
            lock (published)
            {
                published.Add(message.Id);
            }
        }
    }

    private static Task<(long After, List<Delivery> Deliveries)> ReadAsync(
        ChannelsTestHost host, List<long> published, int seed, CancellationToken done) => Task.Run(async () =>
    {
        var random = new Random(seed);
        Thread.SpinWait(random.Next(20_000));
        var from = random.Next(3) switch { 0 => SubscribeFrom.Now, 1 => SubscribeFrom.Oldest, _ => SubscribeFrom.After(AnyOf(published, random)) };
        await using var connection = host.Connections.TryOpen(new() { Protocol = "test", Caller = ChannelCaller.Host })!;
        var start = (await connection.SubscribeAsync("a", from).Within()).Position.Value;
        var deliveries = new List<Delivery>();
        var position = start;
        while (true)
        {
            // Read once, and first: only a publisher that was done before the reading leaves nothing to wait for after it.
            var last = done.IsCancellationRequested ? published[^1] : long.MaxValue;
            while (connection.TryRead(out var delivery))
            {
                deliveries.Add(delivery);
                position = delivery.Message?.Id ?? position;
                Thread.SpinWait(random.Next(100));
            }

            if (position >= last)
            {
                break;
            }

            await WaitAsync(connection, last == long.MaxValue ? done : default);
        }

        // The oldest message is wherever it was when it was read.
        return (from.Kind == SubscribeFromKind.Oldest && deliveries.Count > 0 ? deliveries[0].Message!.Id - 1 : start, deliveries);
    });

    /// <param name="connection">Who waits.</param>
    /// <param name="done">Ends the wait; none once the publisher is done: what is left must be there without anybody's help.</param>
    private static async Task WaitAsync(IChannelConnection connection, CancellationToken done)
    {
        try
        {
            Assert.True(await connection.WaitToReadAsync(done).Within());
        }
        catch (OperationCanceledException)
        {
            // The publisher is done.
        }
    }

    private static long AnyOf(List<long> published, Random random)
    {
        lock (published)
        {
            return published[random.Next(published.Count)];
        }
    }

    private static void AssertTruthful(List<long> published, long after, List<Delivery> deliveries)
    {
        var position = after;
        var toldThrough = 0L;
        foreach (var delivery in deliveries)
        {
            if (delivery.Kind == DeliveryKind.Gap)
            {
                Assert.True(delivery.Gap.Requested.Value >= position, "A gap begins where the reader stood.");
                Assert.True(delivery.Gap.Oldest > delivery.Gap.Requested, "A gap is not empty.");
                toldThrough = delivery.Gap.Oldest.Value;
                continue;
            }

            var id = delivery.Message!.Id;
            Assert.True(id > position, "Ids ascend, each once.");
            Assert.DoesNotContain(published, missed => missed > Math.Max(position, toldThrough) && missed < id);
            Assert.True(id > toldThrough, "What a gap told as missing does not come.");
            position = id;
        }

        Assert.Equal(published[^1], Math.Max(position, after));
    }
}
