namespace Channels.TestSupport.Storage;

public abstract partial class MessageStoreContract
{
    private static readonly ChannelAddress[] ThreeAddresses = ["a", "b", new("b", "room")];

    [Fact]
    public async Task Reading_starts_behind_the_position()
    {
        var ids = Ids(await StoreManyAsync("a", 4));

        Assert.Equal(ids, Ids((await ReadAsync("a")).Messages));
        Assert.Equal(ids[2..], Ids((await ReadAsync("a", new(ids[1]))).Messages));
        Assert.Empty((await ReadAsync("a", new(ids[3]))).Messages);
        Assert.Empty((await ReadAsync("a", new(long.MaxValue))).Messages);
    }

    [Fact]
    public async Task Reading_what_nobody_wrote_gives_nothing_through_the_head()
    {
        var stored = await StoreAsync(new("a"));

        var slice = await ReadAsync(new("a", "room"));

        Assert.Empty(slice.Messages);
        Assert.Equal(stored.Cursor, slice.Through);
        Assert.Equal([MessageCursor.Beginning], slice.RemovedThrough);
    }

    [Fact]
    public async Task Several_addresses_are_merged_each_from_its_own_position()
    {
        var stored = await StoreInTurnAsync(12);
        var positions = ThreeAddresses.Select((address, i) => new ReadPosition(address, new(stored[3 * i].Id))).ToArray();

        var slice = await Messages.ReadAfterAsync(Instance, positions, 100, default).Within();

        var expected = stored.Where(message => positions.Any(position => position.Address == message.Address && message.Cursor > position.After));
        Assert.Equal(Ids(expected), Ids(slice.Messages));
        Assert.Equal(stored[^1].Cursor, slice.Through);
        Assert.Equal(3, slice.RemovedThrough.Count);
    }

    [Fact]
    public async Task A_limit_cuts_the_merged_sequence_and_tells_where()
    {
        var stored = await StoreInTurnAsync(12);
        var positions = ThreeAddresses.Select(address => new ReadPosition(address, default)).ToArray();

        var slice = await Messages.ReadAfterAsync(Instance, positions, 5, default).Within();

        Assert.Equal(Ids(stored)[..5], Ids(slice.Messages));
        Assert.Equal(stored[4].Cursor, slice.Through);
    }

    [Fact]
    public async Task A_slice_below_its_limit_goes_through_the_head()
    {
        await StoreManyAsync("a", 2);
        var head = await StoreAsync(new("b"));

        Assert.Equal(head.Cursor, (await ReadAsync("a", limit: 3)).Through);
        Assert.Equal(head.Cursor, (await ReadInstanceAsync(limit: 4)).Through);
        Assert.Equal(head.Cursor, (await ReadInstanceAsync(limit: 3)).Through);
    }

    [Fact]
    public async Task Reading_on_from_through_gives_everything_once()
    {
        var stored = await StoreInTurnAsync(20);
        var read = new List<long>();
        var cursor = MessageCursor.Beginning;
        while (cursor < stored[^1].Cursor)
        {
            var positions = ThreeAddresses.Select(address => new ReadPosition(address, cursor)).ToArray();
            var slice = await Messages.ReadAfterAsync(Instance, positions, 3, default).Within();
            read.AddRange(Ids(slice.Messages));
            cursor = slice.Through;
        }

        Assert.Equal(Ids(stored), read);
    }

    [Fact]
    public async Task The_instance_is_read_over_all_addresses()
    {
        var stored = await StoreInTurnAsync(10);

        var slice = await ReadInstanceAsync(stored[3].Cursor, 4);

        Assert.Equal(Ids(stored)[4..8], Ids(slice.Messages));
        Assert.Equal(stored[7].Cursor, slice.Through);
        Assert.Empty(slice.RemovedThrough);
        Assert.Equal(Ids(stored), Ids((await ReadInstanceAsync()).Messages));
        Assert.Empty((await ReadInstanceAsync(stored[^1].Cursor)).Messages);
    }

    [Fact]
    public async Task The_instance_is_read_over_much_that_was_removed()
    {
        var oldest = await StoreAsync(new("quiet"));
        for (var i = 0; i < 40; i++)
        {
            await AppendAsync([.. Enumerable.Range(0, 50).Select(n => new TestEntry("busy", $"{n}") { KeepCount = 3, IsTransient = n % 7 == 0 })]);
        }

        var slice = await ReadInstanceAsync();

        Assert.Equal([oldest.Id, .. await IdsAsync("busy")], Ids(slice.Messages));
        Assert.Equal(3, Ids((await ReadInstanceAsync(oldest.Cursor)).Messages).Length);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_page_begins_at_the_end_that_was_asked_for(bool oldestFirst)
    {
        var ids = Ids(await StoreManyAsync("a", 6));

        var page = Ids(await ReadPageAsync(new("a", false, default, null, oldestFirst, 4)));

        Assert.Equal(oldestFirst ? ids[..4] : [.. ids[2..].Reverse()], page);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_page_stays_strictly_between_its_bounds(bool oldestFirst)
    {
        var ids = Ids(await StoreManyAsync("a", 6));

        var page = Ids(await ReadPageAsync(new("a", false, new(ids[0]), new(ids[4]), oldestFirst, 10)));

        Assert.Equal(ids[1..4], page.Order());
        Assert.Empty(await ReadPageAsync(new("a", false, new(ids[4]), new(ids[4]), oldestFirst, 10)));
        Assert.Empty(await ReadPageAsync(new("a", false, new(ids[5]), null, oldestFirst, 10)));
        Assert.Empty(await ReadPageAsync(new("a", false, default, default(MessageCursor), oldestFirst, 10)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Pages_that_follow_each_other_give_everything_once(bool oldestFirst)
    {
        var ids = Ids(await StoreManyAsync("a", 10));
        var read = new List<long>();
        while (read.Count < ids.Length)
        {
            var query = oldestFirst
                ? new PageQuery("a", false, new(read.LastOrDefault()), null, true, 3)
                : new PageQuery("a", false, default, read.Count == 0 ? null : new(read[^1]), false, 3);
            var page = await ReadPageAsync(query);
            Assert.NotEmpty(page);
            read.AddRange(Ids(page));
        }

        Assert.Equal(oldestFirst ? ids : ids.Reverse(), read);
    }

    [Fact]
    public async Task A_page_of_a_channel_goes_over_all_its_rooms()
    {
        var stored = new List<long>();
        for (var i = 0; i < 9; i++)
        {
            stored.Add((await StoreAsync(new(new ChannelAddress("a", $"room {i % 4}")))).Id);
            await StoreAsync(new(new ChannelAddress("ab", "room 1")));
        }

        Assert.Equal(stored, Ids(await ReadPageAsync(new("a", true, default, null, true, 100))));
        Assert.Equal(stored.AsEnumerable().Reverse().Take(4), Ids(await ReadPageAsync(new("a", true, default, null, false, 4))));
        Assert.Equal(stored[2..5], Ids(await ReadPageAsync(new("a", true, new(stored[1]), new(stored[5]), true, 100))));
    }

    [Fact]
    public async Task A_page_of_an_address_without_a_room_leaves_rooms_out()
    {
        var roomless = await StoreAsync(new("a"));
        var room = await StoreAsync(new(new ChannelAddress("a", "room")));

        Assert.Equal([roomless.Id], Ids(await ReadPageAsync(new("a", false, default, null, true, 10))));
        Assert.Equal([room.Id], Ids(await ReadPageAsync(new(new("a", "room"), false, default, null, true, 10))));
        Assert.Empty(await ReadPageAsync(new(new("a", "other"), false, default, null, true, 10)));
    }

    [Fact]
    public async Task A_position_is_found_by_time()
    {
        var start = Now;
        var stored = new List<ChannelMessage>();
        for (var i = 0; i < 300; i++)
        {
            Time.Advance(Second);
            stored.Add(await StoreAsync(new(i % 3 == 0 ? "a" : "b")));
            await AppendAsync(new TestEntry("a") { IsTransient = true });
        }

        for (var i = 0; i < stored.Count; i += 23)
        {
            await AssertFoundAsync(stored[i].CreatedAt, stored);
            await AssertFoundAsync(stored[i].CreatedAt.AddTicks(-1), stored);
        }

        await AssertFoundAsync(start.AddDays(-1), stored);
        await AssertFoundAsync(Now.AddDays(1), stored);
        Assert.Equal((await HeadAsync()).Head, await Messages.FindAsync(Instance, Now, default).Within());
    }

    [Fact]
    public async Task A_position_is_found_by_time_among_messages_of_the_same_time()
    {
        var stored = new List<ChannelMessage>();
        for (var i = 0; i < 3; i++)
        {
            Time.Advance(Second);
            stored.AddRange(await StoreManyAsync("a", 3));
        }

        foreach (var message in stored)
        {
            await AssertFoundAsync(message.CreatedAt, stored);
        }
    }

    [Fact]
    public async Task A_position_is_found_by_time_after_removal()
    {
        var stored = new List<ChannelMessage>();
        for (var i = 0; i < 40; i++)
        {
            Time.Advance(Second);
            stored.Add(await StoreAsync(new(i % 4 == 0 ? "a" : "b") { KeepCount = 4, ExpiresIn = 15 * Second }));
        }

        await RemoveExpiredAsync();

        var visible = (await ReadInstanceAsync()).Messages;
        foreach (var message in stored)
        {
            await AssertFoundAsync(message.CreatedAt, visible);
            await AssertFoundAsync(message.CreatedAt.AddTicks(-1), visible);
        }
    }

    private async Task<List<ChannelMessage>> StoreInTurnAsync(int count)
    {
        var stored = new List<ChannelMessage>();
        for (var i = 0; i < count; i++)
        {
            stored.Add(await StoreAsync(new(ThreeAddresses[i % ThreeAddresses.Length])));
        }

        return stored;
    }

    private async Task AssertFoundAsync(DateTimeOffset time, IEnumerable<ChannelMessage> visible)
    {
        var found = await Messages.FindAsync(Instance, time, default).Within();
        Assert.All(visible, message => Assert.Equal(message.CreatedAt > time, message.Cursor > found));
    }
}
