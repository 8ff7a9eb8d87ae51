using Channels.Storage.Memory;
using Channels.TestSupport;
using Channels.TestSupport.Storage;

namespace Channels.Storage.Tests;

/// <summary>What the memory store does beyond the contracts: where its runs start, and its bounds.</summary>
public sealed class MemorySpecificTests : StoreContract
{
    private static readonly string Kilobyte = $"\"{new string('x', 1022)}\"";

    private readonly MemoryStorageOptions _options = new() { MaxBytes = 100 * 1024, MaxIdempotencyKeys = 10, MaxEmptyAddresses = 3 };

    [Fact]
    public async Task A_run_starts_at_the_ticks_since_2020_of_the_first_use()
    {
        Time.SetUtcNow(new(2020, 1, 1, 0, 0, 2, TimeSpan.Zero));

        var head = await HeadAsync();
        Time.Advance(TimeSpan.FromDays(1));

        Assert.Equal(20_000_000, head.Head.Value);
        Assert.Equal(20_000_001, (await StoreAsync(new("a"))).Id);
        Assert.Equal(20_000_002, (await AppendAsync(new TestEntry("a") { IsTransient = true })).Head.Value);
        Assert.Equal(20_000_003, (await StoreAsync(new("b"))).Id);
    }

    [Fact]
    public async Task Each_instance_starts_its_run_at_its_own_first_use()
    {
        var first = await HeadAsync("first");
        Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(first.Head.Value + TimeSpan.TicksPerSecond, (await HeadAsync("second")).Head.Value);
    }

    [Fact]
    public async Task Everything_before_the_run_is_a_hole_but_the_beginning()
    {
        var start = (await HeadAsync()).Head;

        var hole = Assert.Single((await HeadAsync()).Holes);

        Assert.Equal(new IdHole(MessageCursor.Beginning, start), hole);
        Assert.True(hole.Contains(new(1)) && hole.Contains(new(start.Value - 1)));
        Assert.False(hole.Contains(MessageCursor.Beginning) || hole.Contains(start));
    }

    [Fact]
    public async Task A_clock_before_2020_starts_at_1_without_a_hole()
    {
        Time.SetUtcNow(new(2019, 1, 1, 0, 0, 0, TimeSpan.Zero));

        Assert.Empty((await HeadAsync()).Holes);
        Assert.Equal(1, (await StoreAsync(new("a"))).Id);
    }

    [Fact]
    public async Task Calls_complete_synchronously()
    {
        var append = Messages.AppendAsync(Instance, [new TestEntry("a").Build(Now)], default);
        Assert.True(append.IsCompletedSuccessfully);
        await append.Within();

        var read = Messages.ReadAfterAsync(Instance, [new("a", default)], 1, default);
        Assert.True(read.IsCompletedSuccessfully);
        await read.Within();
    }

    [Fact]
    public async Task The_byte_cap_removes_the_oldest_messages_and_remembers_them()
    {
        var stored = new List<ChannelMessage>();
        for (var i = 0; i < 200; i++)
        {
            stored.Add(await StoreAsync(new(i % 2 == 0 ? "a" : new ChannelAddress("b", "room"), Kilobyte)));
        }

        var kept = (await ReadInstanceAsync()).Messages;

        Assert.InRange(kept.Count, 70, 80);
        Assert.Equal(Ids(stored.TakeLast(kept.Count)), Ids(kept));
        var removed = stored.SkipLast(kept.Count).ToArray();
        Assert.Equal(removed.Last(message => message.Address.Room is null).Cursor, await RemovedThroughAsync("a"));
        Assert.Equal(removed.Last(message => message.Address.Room is not null).Cursor, await RemovedThroughAsync(new("b", "room")));
    }

    [Fact]
    public async Task The_byte_cap_holds_while_much_else_is_removed()
    {
        var quiet = new List<long>();
        for (var i = 0; i < 400; i++)
        {
            await AppendAsync([.. Enumerable.Repeat(new TestEntry("busy") { KeepCount = 3 }, 100)]);
            quiet.Add((await StoreAsync(new("quiet", Kilobyte))).Id);
            var kept = await IdsAsync("quiet");
            Assert.InRange(kept.Length, Math.Min(i + 1, 70), 80);
            Assert.Equal(quiet.TakeLast(kept.Length), kept);
        }
    }

    [Fact]
    public async Task The_byte_cap_takes_from_the_instance_that_holds_most()
    {
        var small = new ChannelAddress("a", null, "small");
        var first = await StoreAsync(new(small, Kilobyte));
        for (var i = 0; i < 200; i++)
        {
            await StoreAsync(new("a", Kilobyte));
        }

        Assert.Equal([first.Id], await IdsAsync(small));
    }

    [Fact]
    public async Task A_message_beyond_the_byte_cap_is_given_and_not_kept()
    {
        var message = await StoreAsync(new("a", $"\"{new string('x', 200 * 1024)}\""));

        Assert.Empty(await IdsAsync("a"));
        Assert.Equal(message.Cursor, await RemovedThroughAsync("a"));
        Assert.Equal(message.Cursor, (await HeadAsync()).Head);
    }

    [Fact]
    public async Task Bytes_are_free_again_after_removal()
    {
        for (var i = 0; i < 10; i++)
        {
            await AppendAsync([.. Enumerable.Repeat(new TestEntry("a", Kilobyte) { ExpiresIn = TimeSpan.FromSeconds(1) }, 70)]);
            Assert.Equal(70, (await IdsAsync("a")).Length);
            Time.Advance(TimeSpan.FromSeconds(1));
            await RemoveExpiredAsync();
        }
    }

    [Fact]
    public async Task Bytes_are_free_again_after_deletion()
    {
        for (var i = 0; i < 10; i++)
        {
            await CreateAsync("a");
            await AppendAsync([.. Enumerable.Repeat(new TestEntry("a", Kilobyte), 70)]);
            Assert.Equal(70, (await IdsAsync("a")).Length);
            await DeleteAsync("a");
        }
    }

    [Fact]
    public async Task Keys_give_way_to_messages_when_they_hold_more_than_a_quarter()
    {
        var plain = await StoreAsync(new("plain", Kilobyte));
        for (var i = 0; i < 200; i++)
        {
            await StoreAsync(new("a", $"\"{new string('x', 9 * 1024)}\"") { Key = $"{i}", KeepCount = 1 });
        }

        Assert.Equal([plain.Id], await IdsAsync("plain"));
    }

    [Fact]
    public async Task Past_the_bound_of_keys_the_one_that_ends_first_is_forgotten()
    {
        for (var i = 0; i < 11; i++)
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            await StoreAsync(new("a", "1") { Key = $"{i}" });
        }

        Assert.Equal(AppendStatus.Duplicate, (await AppendAsync(new TestEntry("a", "1") { Key = "1" })).Outcomes[0].Status);
        Assert.Equal(AppendStatus.Stored, (await AppendAsync(new TestEntry("a", "1") { Key = "0" })).Outcomes[0].Status);
    }

    [Fact]
    public async Task Empty_addresses_within_the_bound_are_remembered_exactly()
    {
        var removed = await ExpireAsync("a", "b", "c");

        Assert.Equal(removed, [await RemovedThroughAsync("a"), await RemovedThroughAsync("b"), await RemovedThroughAsync("c")]);
        Assert.Equal(MessageCursor.Beginning, await RemovedThroughAsync("new"));
    }

    [Fact]
    public async Task An_address_that_was_forgotten_never_hides_what_was_removed()
    {
        var removed = await ExpireAsync("a", "b", "c", "d", "e");

        // a and b are forgotten: whatever is not known counts as removed through the later of them.
        Assert.Equal(removed[1], await RemovedThroughAsync("a"));
        Assert.Equal(removed[1], await RemovedThroughAsync("b"));
        Assert.Equal(removed[1], await RemovedThroughAsync("new"));
        Assert.Equal(removed[2], await RemovedThroughAsync("c"));
        Assert.Equal(removed[4], await RemovedThroughAsync("e"));
        await StoreAsync(new("a"));
        Assert.Equal(removed[1], await RemovedThroughAsync("a"));
    }

    [Fact]
    public async Task An_address_with_messages_is_not_forgotten()
    {
        await ExpireAsync("a");
        var again = await StoreAsync(new("a") { ExpiresIn = TimeSpan.FromDays(2) });
        await ExpireAsync("b", "c", "d");

        Assert.Equal([again.Id], await IdsAsync("a"));
        Assert.Equal(MessageCursor.Beginning, await RemovedThroughAsync("new"));
    }

    [Fact]
    public async Task Deleted_channels_are_bounded_like_empty_addresses()
    {
        var removed = new List<MessageCursor>();
        for (var i = 0; i < 6; i++)
        {
            await CreateAsync($"{i}");
            removed.Add((await StoreAsync(new(new ChannelAddress($"{i}", "room")))).Cursor);
            await DeleteAsync($"{i}");
        }

        for (var i = 0; i < 6; i++)
        {
            Assert.Equal(removed[Math.Max(i, 2)], await RemovedThroughAsync(new($"{i}", "room")));
        }
    }

    [Fact]
    public async Task The_order_of_an_instance_holds_over_very_much_that_was_removed()
    {
        var quiet = new List<ChannelMessage>();
        for (var i = 0; i < 200; i++)
        {
            var busy = Enumerable.Repeat(new TestEntry("busy") { KeepCount = 3 }, 100).ToArray();
            await AppendAsync(busy);
            quiet.Add(await StoreAsync(new("quiet") { KeepCount = 20 }));
            Time.Advance(TimeSpan.FromSeconds(1));
        }

        var kept = quiet.TakeLast(20).ToArray();
        var expected = Ids(kept).Concat(await IdsAsync("busy")).Order();
        Assert.Equal(expected, Ids((await ReadInstanceAsync()).Messages));
        foreach (var message in kept)
        {
            Assert.Equal(message.Cursor, await Messages.FindAsync(Instance, message.CreatedAt, default).Within());
            Assert.Equal(kept.Count(other => other.Id > message.Id), (await ReadInstanceAsync(message.Cursor)).Messages.Count(other => other.Address == "quiet"));
        }
    }

    protected override ValueTask<(IMessageStore Messages, IChannelStore Channels)> OpenAsync(TimeProvider time)
    {
        var store = new MemoryStore(time, _options);
        return new((store, store));
    }

    private async Task<List<MessageCursor>> ExpireAsync(params string[] channels)
    {
        var removed = new List<MessageCursor>();
        foreach (var channel in channels)
        {
            removed.Add((await StoreAsync(new(channel) { ExpiresIn = TimeSpan.FromSeconds(1) })).Cursor);
            Time.Advance(TimeSpan.FromSeconds(1));
            await RemoveExpiredAsync();
        }

        return removed;
    }
}
