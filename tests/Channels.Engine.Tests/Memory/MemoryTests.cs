using Channels.Testing;
using Channels.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace Channels.Engine.Tests.Memory;

[Collection(MemoryCollection.Name)]
public sealed class MemoryTests
{
    [Fact]
    public async Task P10_a_parked_poll_costs_a_few_hundred_bytes_and_one_publish_answers_them_all()
    {
        const int Count = 100_000;
        await using var host = ChannelsTestHost.Create(c => c.AddChannel("a"));
        var warm = host.Channels.PollAsync("a");
        await host.Channels.PublishAsync("a", new()).Within();
        await warm.Within();
        var polls = new ValueTask<PollResult>[Count];
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < Count; i++)
        {
            polls[i] = host.Channels.PollAsync("a");
        }

        var each = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)Count;
        Assert.InRange(each, 1, 600);

        var message = await host.Channels.PublishAsync("a", new()).Within();
        for (var i = 0; i < Count; i++)
        {
            Assert.Same(message, (await polls[i].Within(TimeSpan.FromSeconds(30))).Message);
        }
    }

    [Fact]
    public async Task P10_what_ended_before_its_deadline_leaves_nothing_behind()
    {
        const int Count = 50_000;
        await using var host = ChannelsTestHost.Create(c => c.AddChannel("a", a => a.Others(ChannelPermission.Subscribe)));
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < Count; i++)
        {
            // Each leave of another length, as tokens have.
            var caller = ChannelCaller.User("ann") with { ExpiresAt = host.Time.GetUtcNow() + TimeSpan.FromHours(1) + TimeSpan.FromTicks(i) };
            var connection = host.Connections.TryOpen(new() { Protocol = "test", Caller = caller })!;
            connection.Close(ConnectionEnd.Closed);
        }

        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 1_000_000);
        Assert.Equal(0, host.Connections.Count);
    }

    [Fact]
    public async Task P5_a_stopped_reader_among_a_thousand_keeps_no_memory_and_the_others_get_everything()
    {
        const int Rounds = 40;
        const int PerRound = 50;
        await using var host = ChannelsTestHost.Create(c => c.AddChannel("a", a => a.Retain(count: 100)), o => o.TailMessages = 100);
        await using var stopped = Open(host);
        await stopped.SubscribeAsync("a").Within();
        var received = new int[999];
        var readers = new Task[received.Length];
        for (var i = 0; i < readers.Length; i++)
        {
            var connection = Open(host);
            await connection.SubscribeAsync("a").Within();
            readers[i] = CountAsync(connection, received, i, Rounds * PerRound);
        }

        var payload = new MessageDraft($"\"{new string('x', 1_000)}\"");
        var before = 0L;
        for (var round = 1; round <= Rounds; round++)
        {
            for (var i = 0; i < PerRound; i++)
            {
                await host.Channels.PublishAsync("a", payload).Within();
            }

            await ChannelsTestHost.EventuallyAsync(() => received.All(count => count >= round * PerRound) || readers.Any(reader => reader.IsFaulted));
            before = round == Rounds / 2 ? GC.GetTotalMemory(forceFullCollection: true) : before;
        }

        await Task.WhenAll(readers).Within();
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 500_000);
        Assert.Equal(ConnectionEnd.None, stopped.End);
        Assert.True(await stopped.WaitToReadAsync().Within());
        Assert.True(stopped.TryRead(out var delivery));
        Assert.Equal(DeliveryKind.Gap, delivery.Kind);
    }

    [Fact]
    public async Task Reading_what_was_published_allocates_nothing_per_message()
    {
        const int Count = 400;
        await using var host = ChannelsTestHost.Create(c => c.AddChannel("a").AddChannel("b"));
        await using var stream = host.Channels.SubscribeAsync("a", SubscribeFrom.Oldest).GetAsyncEnumerator();
        await using var single = Open(host);
        await single.SubscribeAsync("a").Within();
        await using var merged = Open(host);
        await merged.SubscribeAsync("a").Within();
        await merged.SubscribeAsync("b").Within();
        var first = stream.MoveNextAsync();
        for (var i = 0; i < Count; i++)
        {
            await host.Channels.PublishAsync("a", new()).Within();
        }

        Assert.True(await first.Within());
        Assert.Equal(0, AllocatedBy(() => Read(stream, Count - 1)));
        await single.ReadAsync(10);
        await merged.ReadAsync(10);
        Assert.Equal(0, AllocatedBy(() => Read(single, Count - 10)));
        Assert.Equal(0, AllocatedBy(() => Read(merged, Count - 10)));
    }

    private static long AllocatedBy(Action action)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static void Read(IAsyncEnumerator<ChannelMessage> stream, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var next = stream.MoveNextAsync();
            if (!next.IsCompleted || !next.Result)
            {
                throw new InvalidOperationException("A message is missing.");
            }
        }
    }

    private static void Read(IChannelConnection connection, int count)
    {
        for (var i = 0; i < count; i++)
        {
            if (!connection.TryRead(out _))
            {
                throw new InvalidOperationException("A message is missing.");
            }
        }
    }

    private static Task CountAsync(IChannelConnection connection, int[] received, int index, int count) => Task.Run(async () =>
    {
        var last = 0L;
        await connection.ReadUntilAsync(delivery =>
        {
            Assert.True(delivery.Message!.Id > last);
            last = delivery.Message.Id;
            return ++received[index] == count;
        });
    });

    private static IChannelConnection Open(ChannelsTestHost host) => host.Connections.TryOpen(
        new() { Protocol = "test", Caller = ChannelCaller.Host, MaxLagMessages = int.MaxValue, MaxLagBytes = long.MaxValue })!;
}
