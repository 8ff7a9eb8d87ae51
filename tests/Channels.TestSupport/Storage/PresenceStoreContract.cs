using System.Text;
using Channels.Testing;

namespace Channels.TestSupport.Storage;

/// <summary>What every presence store promises. A subclass gives a fresh store.</summary>
public abstract class PresenceStoreContract : IAsyncLifetime
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);
    private static readonly ChannelAddress Room = new("chat", "lobby");

    protected ManualTimeProvider Time { get; } = new();

    private IPresenceStore Store { get; set; } = null!;

    public async ValueTask InitializeAsync() => Store = await CreateAsync(Time);

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return default;
    }

    [Fact]
    public async Task Members_are_there_with_everything_that_was_told_of_them()
    {
        await RenewAsync("n1");
        await Store.AddAsync("n1", Room, new("ann") { Info = "{\"a\":1}"u8.ToArray() }, default);
        await Store.AddAsync("n1", "other", new("bob"), default);

        var entries = (await ReadAsync(0)).Entries;

        Assert.Equal([("n1", Room, "ann", true), ("n1", "other", "bob", true)], entries.Select(Facts));
        Assert.Equal("{\"a\":1}", Encoding.UTF8.GetString(entries[0].Member.Info.Span));
        Assert.True(entries[0].Sequence < entries[1].Sequence);
    }

    [Fact]
    public async Task Changes_are_read_once_in_pages_and_in_their_order()
    {
        await RenewAsync("n1");
        for (var i = 0; i < 10; i++)
        {
            await Store.AddAsync("n1", Room, new($"m{i}"), default);
        }

        var first = await Store.ReadAfterAsync("default", 0, 4, default);
        var second = await Store.ReadAfterAsync("default", first.Through, 4, default);
        var third = await Store.ReadAfterAsync("default", second.Through, 4, default);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"m{i}"), first.Entries.Concat(second.Entries).Concat(third.Entries).Select(entry => entry.Member.Id));
        Assert.Empty((await ReadAsync(third.Through)).Entries);
        await Store.RemoveAsync("n1", Room, "m3", default);
        Assert.Equal([("n1", Room, "m3", false)], (await ReadAsync(third.Through)).Entries.Select(Facts));
    }

    [Fact]
    public async Task Telling_again_changes_nothing()
    {
        await RenewAsync("n1");
        await Store.AddAsync("n1", Room, new("ann"), default);
        var through = (await ReadAsync(0)).Through;
        await Store.AddAsync("n1", Room, new("ann"), default);
        await Store.RemoveAsync("n1", Room, "nobody", default);
        await Store.EndAsync("unknown", default);
        Assert.Empty((await ReadAsync(through)).Entries);
        await Store.RemoveAsync("n1", Room, "ann", default);
        await Store.RemoveAsync("n1", Room, "ann", default);
        await Store.EndAsync("n1", default);
        Assert.Single((await ReadAsync(through)).Entries);
    }

    [Fact]
    public async Task P6_a_node_that_does_not_renew_has_no_members_once_its_lease_is_over()
    {
        Assert.False(await RenewAsync("n1"));
        Assert.False(await RenewAsync("n2"));
        await Store.AddAsync("n1", Room, new("ann"), default);
        await Store.AddAsync("n2", Room, new("ann"), default);
        var through = (await ReadAsync(0)).Through;
        Time.Advance(Lease / 2);
        Assert.True(await RenewAsync("n2"));
        Time.Advance((Lease / 2) - TimeSpan.FromTicks(1));
        Assert.Empty((await ReadAsync(through)).Entries);
        Time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal([("n1", Room, "ann", false)], (await ReadAsync(through)).Entries.Select(Facts));

        await Store.AddAsync("n1", Room, new("late"), default);
        Assert.Single((await ReadAsync(through)).Entries);
        Assert.False(await RenewAsync("n1"));
        await Store.AddAsync("n1", Room, new("ann"), default);
        Assert.Contains(("n1", Room, "ann", true), (await ReadAsync(through)).Entries.Select(Facts));
    }

    [Fact]
    public async Task A_node_that_ends_takes_its_members_along_and_no_others()
    {
        await RenewAsync("n1");
        await RenewAsync("n2");
        await Store.AddAsync("n1", Room, new("ann"), default);
        await Store.AddAsync("n2", Room, new("bob"), default);
        await Store.EndAsync("n1", default);
        Assert.Equal(
            [("bob", true), ("ann", false)], (await ReadAsync(0)).Entries.Select(entry => (entry.Member.Id, entry.IsPresent)));
    }

    [Fact]
    public async Task Instances_do_not_see_each_other()
    {
        await RenewAsync("n1");
        await Store.AddAsync("n1", new("a", Instance: "other"), new("ann"), default);
        Assert.Empty((await ReadAsync(0)).Entries);
        Assert.Single((await Store.ReadAfterAsync("other", 0, 10, default)).Entries);
    }

    [Fact]
    public async Task Whoever_was_away_longer_than_absences_are_kept_is_told_to_begin_anew()
    {
        await RenewAsync("n1");
        await Store.AddAsync("n1", Room, new("ann"), default);
        var through = (await ReadAsync(0)).Through;
        await Store.RemoveAsync("n1", Room, "ann", default);
        await Store.AddAsync("n1", Room, new("bob"), default);
        for (var i = 0; i < 8_000; i++)
        {
            Time.Advance(Lease / 2);
            await RenewAsync("n1");
        }

        var slice = await Store.ReadAfterAsync("default", through, 1, default);

        // A store that keeps absences for good tells of this one instead.
        Assert.Contains(("n1", Room, "bob", true), slice.StartsAnew ? slice.Entries.Select(Facts) : (await ReadAsync(through)).Entries.Select(Facts));
        Assert.True(slice.StartsAnew || slice.Entries.Any(entry => !entry.IsPresent));
        Assert.False((await ReadAsync(slice.Through)).StartsAnew);
        Assert.False((await ReadAsync(0)).StartsAnew);
    }

    protected abstract ValueTask<IPresenceStore> CreateAsync(ManualTimeProvider time);

    private static (string Node, ChannelAddress Address, string Member, bool IsPresent) Facts(PresenceEntry entry) =>
        (entry.Node, entry.Address, entry.Member.Id, entry.IsPresent);

    private async Task<bool> RenewAsync(string node) => await Store.RenewAsync(node, Lease, default);

    private async Task<PresenceSlice> ReadAsync(long after) => await Store.ReadAfterAsync("default", after, 1000, default);
}
