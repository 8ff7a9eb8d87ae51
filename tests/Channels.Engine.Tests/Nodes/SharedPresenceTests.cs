using Channels.Storage.Memory;
using Channels.Testing;
using Channels.TestSupport;
using Channels.TestSupport.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Channels.Engine.Tests.Nodes;

/// <summary>Two engines over one presence store, one of which can be cut off as a kill would.</summary>
public sealed class SharedPresenceTests : IAsyncLifetime
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private readonly ManualTimeProvider _time = new();
    private readonly SeveredPresenceStore _line;
    private readonly ChannelsTestHost _a;
    private readonly ChannelsTestHost _b;

    public SharedPresenceTests()
    {
        var messages = new MemoryStore(_time);
        var presence = new MemoryPresenceStore(_time);
        _line = new(presence);
        _a = Create(messages, channels => channels.UseMemoryPresence(presence));
        _b = Create(messages, channels => channels.Services.AddSingleton<IPresenceStore>(_line));
    }

    public ValueTask InitializeAsync() => default;

    public async ValueTask DisposeAsync()
    {
        await _a.DisposeAsync();
        await _b.DisposeAsync();
    }

    [Fact]
    public async Task Members_of_one_node_are_there_on_the_other_and_one_member_on_both_is_one()
    {
        var watcher = Open(_a);
        await watcher.WatchMembersAsync("a").Within();
        var remote = Open(_b);
        await remote.JoinAsync("a", new("ann") { Info = "1"u8.ToArray() }).Within();
        await AgreeAsync(["ann"]);
        Assert.Equal(["ann"], await AddedAsync(watcher, 1));

        var local = Open(_a);
        var joined = await local.JoinAsync("a", new("ann")).Within();
        Assert.Equal(1, joined.Snapshot!.Count);
        await AgreeAsync(["ann"]);
        await remote.DisposeAsync();
        await AgreeAsync(["ann"]);
        Assert.True(watcher.IsSilent());
        await local.DisposeAsync();
        await AgreeAsync([]);
        Assert.Equal(PresenceChangeKind.Removed, (await watcher.ReadAsync(1))[0].Presence!.Kind);
    }

    [Fact]
    public async Task P6_members_of_a_killed_node_are_gone_within_one_lease_and_no_others()
    {
        var watcher = Open(_a);
        await watcher.WatchMembersAsync("a").Within();
        await Open(_a).JoinAsync("a", new("ann")).Within();
        await Open(_b).JoinAsync("a", new("ann")).Within();
        await Open(_b).JoinAsync("a", new("bob")).Within();
        await AgreeAsync(["ann", "bob"]);
        for (var i = 0; i < 120; i++)
        {
            await AdvanceAsync(Tick);
        }

        await AgreeAsync(["ann", "bob"]);
        _line.IsSevered = true;
        var killed = _time.GetUtcNow();
        while ((await MembersAsync(_a)).Contains("bob"))
        {
            Assert.True(_time.GetUtcNow() - killed < Lease, "A ghost outlived the lease.");
            await AdvanceAsync(Tick);
        }

        Assert.True(_time.GetUtcNow() - killed > Lease / 2, "A node that is slow for a moment is not dead.");
        Assert.Equal(["ann"], await MembersAsync(_a));

        // It was only cut off: it comes back with what it has by then.
        _line.IsSevered = false;
        await Open(_b).JoinAsync("a", new("cat")).Within();
        await AgreeAsync(["ann", "bob", "cat"]);
    }

    [Fact]
    public async Task A_node_that_ends_in_order_takes_its_members_along_at_once()
    {
        await Open(_b).JoinAsync("a", new("bob")).Within();
        await Open(_a).SubscribeAsync("a").Within();
        await AgreeAsync(["bob"]);
        await _b.DisposeAsync();
        await AdvanceAsync(Tick);
        Assert.Empty(await MembersAsync(_a));
    }

    [Fact]
    public async Task P6_two_nodes_agree_after_any_schedule_of_joins_leaves_and_cuts()
    {
        await Open(_a).SubscribeAsync("a").Within();
        await Open(_b).SubscribeAsync("a").Within();
        var random = new Random(11);
        var open = new List<(ChannelsTestHost Host, IChannelConnection Connection, string Member)>();
        for (var step = 0; step < 400; step++)
        {
            switch (random.Next(6))
            {
                case 0 or 1 or 2:
                    var host = random.Next(2) == 0 ? _a : _b;
                    var connection = Open(host);
                    var member = $"m{random.Next(8)}";
                    await connection.JoinAsync("a", new(member)).Within();
                    open.Add((host, connection, member));
                    break;
                case 3 when open.Count > 0:
                    var index = random.Next(open.Count);
                    await open[index].Connection.DisposeAsync();
                    open.RemoveAt(index);
                    break;
                case 4:
                    _line.IsSevered = !_line.IsSevered;
                    break;
                default:
                    await AdvanceAsync(TimeSpan.FromSeconds(random.Next(20)));
                    break;
            }

            if (step % 100 == 99)
            {
                _line.IsSevered = false;
                await AgreeAsync([.. open.Select(entry => entry.Member).Distinct().Order(StringComparer.Ordinal)]);
            }
        }
    }

    private ChannelsTestHost Create(MemoryStore messages, Action<IChannelsBuilder> configure) => ChannelsTestHost.Create(
        channels =>
        {
            channels.UseMemoryStorage(messages).AddChannel("{name}");
            configure(channels);
        },
        time: _time);

    private static IChannelConnection Open(ChannelsTestHost host) =>
        host.Connections.TryOpen(new() { Protocol = "test", Caller = ChannelCaller.Host })!;

    private static async Task<IEnumerable<string>> AddedAsync(IChannelConnection connection, int count) =>
        (await connection.ReadAsync(count)).Select(delivery => delivery.Presence!.Member!.Id);

    private static async Task<string[]> MembersAsync(ChannelsTestHost host) =>
        [.. (await host.Channels.Presence.ListAsync("a").AsTask().Within()).Members.Select(member => member.Id)];

    /// <summary>Moves the clock; what the ticks start runs without waiting, because the store in memory answers at once.</summary>
    private Task AdvanceAsync(TimeSpan by)
    {
        for (var passed = TimeSpan.Zero; passed < by; passed += Tick)
        {
            _time.Advance(Tick);
        }

        return Task.CompletedTask;
    }

    /// <summary>Both nodes have these members after they have exchanged what there was.</summary>
    private async Task AgreeAsync(string[] members)
    {
        await AdvanceAsync(Tick * 3);
        Assert.Equal(members, await MembersAsync(_a));
        Assert.Equal(members, await MembersAsync(_b));
    }
}
