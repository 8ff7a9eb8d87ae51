using Channels.Engine.Tests.Memory;
using Channels.Testing;
using Channels.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace Channels.Engine.Tests.Presence;

/// <summary>10,000 members joining one address. Work is counted, not timed.</summary>
[Collection(MemoryCollection.Name)]
public sealed class JoinStormTests
{
    private static readonly JoinOptions Quietly = new() { Watches = false };

    private const int Members = 10_000;
    private const int Step = 500;

    [Fact]
    public async Task An_observer_gets_each_change_once_and_a_join_costs_the_same_however_many_are_there()
    {
        await using var host = ChannelsTestHost.Create(channels => channels.AddChannel("{name}"));
        var observers = new IChannelConnection[5];
        var changes = new int[observers.Length];
        for (var i = 0; i < observers.Length; i++)
        {
            observers[i] = Open(host);
            await observers[i].WatchMembersAsync("a").Within();
        }

        var late = Open(host);
        await late.WatchMembersAsync("a").Within();
        var allocated = new List<long>();
        for (var joined = 0; joined < Members; joined += Step)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = joined; i < joined + Step; i++)
            {
                var join = Open(host).JoinAsync("a", new($"member-{i}"), Quietly);
                Assert.True(join.IsCompletedSuccessfully);
                Assert.Equal(i + 1, (await join).Snapshot!.Count);
            }

            allocated.Add(GC.GetAllocatedBytesForCurrentThread() - before);
            for (var i = 0; i < observers.Length; i++)
            {
                observers[i].ReadAvailable(delivery => changes[i] += delivery.Presence!.Kind == PresenceChangeKind.Added ? 1 : Members);
            }
        }

        Assert.All(changes, count => Assert.Equal(Members, count));
        Assert.True(allocated[^1] < 2 * allocated[1], $"{allocated[^1]} bytes for the last {Step} joins, {allocated[1]} for early ones.");
        var told = new List<PresenceChange>();
        late.ReadAvailable(delivery => told.Add(delivery.Presence!));
        Assert.Equal(Members, Assert.Single(told).Snapshot!.Count);
    }

    [Fact]
    public async Task P5_a_stopped_observer_keeps_nothing_but_its_place()
    {
        await using var host = ChannelsTestHost.Create(channels => channels.AddChannel("{name}"), options => options.MaxPresenceChanges = 100);
        var stopped = Open(host);
        await stopped.WatchMembersAsync("a").Within();
        var flapping = Open(host);
        for (var i = 0; i < 2_000; i++)
        {
            await flapping.JoinAsync("a", new("m"), Quietly).Within();
            flapping.Leave("a");
        }

        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < 50_000; i++)
        {
            await flapping.JoinAsync("a", new("m"), Quietly).Within();
            flapping.Leave("a");
        }

        var grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.True(grown < 1024 * 1024, $"100,000 changes left {grown} bytes behind.");
        Assert.Equal(ConnectionEnd.None, stopped.End);
        Assert.Equal((PresenceChangeKind.Reset, 0), ((await stopped.ReadAsync(1))[0].Presence is { } reset) ? (reset.Kind, reset.Snapshot!.Count) : default);
    }

    private static IChannelConnection Open(ChannelsTestHost host) =>
        host.Connections.TryOpen(new() { Protocol = "test", Caller = ChannelCaller.Host })!;
}
