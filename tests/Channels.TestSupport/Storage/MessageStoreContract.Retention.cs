namespace Channels.TestSupport.Storage;

public abstract partial class MessageStoreContract
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task An_address_holds_no_more_than_it_keeps()
    {
        var ids = new List<long>();
        for (var i = 0; i < 7; i++)
        {
            ids.Add((await StoreAsync(new("a") { KeepCount = 3 })).Id);
            Assert.Equal(ids.TakeLast(3), await IdsAsync("a"));
            Assert.Equal(ids.TakeLast(3), Ids((await ReadInstanceAsync()).Messages));
        }

        Assert.Equal(ids[3], (await RemovedThroughAsync("a")).Value);
    }

    [Fact]
    public async Task A_batch_longer_than_what_is_kept_leaves_its_end()
    {
        var result = await AppendAsync([.. Enumerable.Range(1, 10).Select(i => new TestEntry("a", $"{i}") { KeepCount = 4 })]);

        Assert.All(result.Outcomes, outcome => Assert.Equal(AppendStatus.Stored, outcome.Status));
        Assert.Equal(["7", "8", "9", "10"], (await ReadAsync("a")).Messages.Select(Text));
        Assert.Equal(result.Outcomes[5].Message!.Cursor, await RemovedThroughAsync("a"));
    }

    [Fact]
    public async Task Addresses_and_rooms_are_counted_each_for_itself()
    {
        ChannelAddress[] addresses = ["a", new("a", "1"), new("a", "2"), "b"];
        foreach (var address in addresses)
        {
            await StoreAsync(new(address) { KeepCount = 1 });
        }

        foreach (var address in addresses)
        {
            Assert.Single(await IdsAsync(address));
            Assert.Equal(MessageCursor.Beginning, await RemovedThroughAsync(address));
        }
    }

    [Fact]
    public async Task Less_is_kept_from_the_first_entry_that_says_so()
    {
        var messages = await StoreManyAsync("a", 5);

        var last = await StoreAsync(new("a") { KeepCount = 2 });

        Assert.Equal([messages[4].Id, last.Id], await IdsAsync("a"));
        Assert.Equal(messages[3].Cursor, await RemovedThroughAsync("a"));
    }

    [Fact]
    public async Task A_message_is_invisible_to_every_read_at_once_when_it_expires()
    {
        var expiring = await StoreAsync(new("a") { ExpiresIn = Second });
        var staying = await StoreAsync(new("a"));
        Time.Advance(Second - TimeSpan.FromTicks(1));
        Assert.Equal([expiring.Id, staying.Id], await IdsAsync("a"));
        Assert.Equal(MessageCursor.Beginning, await RemovedThroughAsync("a"));

        Time.Advance(TimeSpan.FromTicks(1));

        Assert.Equal([staying.Id], await IdsAsync("a"));
        Assert.Equal([staying.Id], Ids((await ReadInstanceAsync()).Messages));
        Assert.Equal([staying.Id], Ids(await ReadPageAsync(new("a", false, default, null, true, 10))));
        Assert.Equal([staying.Id], Ids(await ReadPageAsync(new("a", true, default, null, false, 10))));
        Assert.Equal(expiring.Cursor, await RemovedThroughAsync("a"));
    }

    [Fact]
    public async Task Expired_messages_do_not_use_up_a_limit()
    {
        for (var i = 0; i < 5; i++)
        {
            await AppendAsync(new TestEntry("a") { ExpiresIn = Second }, new TestEntry("a"));
        }

        Time.Advance(Second);

        Assert.Equal(3, (await ReadAsync("a", limit: 3)).Messages.Count);
        Assert.Equal(3, (await ReadInstanceAsync(limit: 3)).Messages.Count);
        Assert.Equal(3, (await ReadPageAsync(new("a", false, default, null, false, 3))).Count);
    }

    [Fact]
    public async Task Removal_changes_nothing_that_is_visible()
    {
        var expired = await StoreAsync(new("a") { ExpiresIn = Second });
        var kept = await StoreAsync(new("a"));
        Time.Advance(Second);

        Assert.Equal(1, await RemoveExpiredAsync());

        Assert.Equal([kept.Id], await IdsAsync("a"));
        Assert.Equal([kept.Id], Ids((await ReadInstanceAsync()).Messages));
        Assert.Equal(expired.Cursor, await RemovedThroughAsync("a"));
        Assert.Equal(kept.Cursor, (await HeadAsync()).Head);
    }

    [Fact]
    public async Task Removal_takes_the_expired_ones_out_of_the_middle()
    {
        var first = await StoreAsync(new("a"));
        var second = await StoreAsync(new("a") { ExpiresIn = Second });
        var third = await StoreAsync(new("a"));
        var fourth = await StoreAsync(new("a") { ExpiresIn = 2 * Second });
        var fifth = await StoreAsync(new("a"));
        Time.Advance(Second);
        Assert.Equal(second.Cursor, await RemovedThroughAsync("a"));
        Assert.Equal(1, await RemoveExpiredAsync());
        Assert.Equal(second.Cursor, await RemovedThroughAsync("a"));
        Assert.Equal([first.Id, third.Id, fourth.Id, fifth.Id], await IdsAsync("a"));

        Time.Advance(Second);
        Assert.Equal(1, await RemoveExpiredAsync());

        Assert.Equal([first.Id, third.Id, fifth.Id], await IdsAsync("a"));
        Assert.Equal([first.Id, third.Id, fifth.Id], Ids((await ReadInstanceAsync()).Messages));
        Assert.Equal(fourth.Cursor, await RemovedThroughAsync("a"));
        Assert.Equal(0, await RemoveExpiredAsync());
    }

    [Fact]
    public async Task Removal_goes_in_steps_of_its_limit()
    {
        for (var i = 0; i < 7; i++)
        {
            await AppendAsync(new TestEntry("a") { ExpiresIn = Second }, new TestEntry(new ChannelAddress("b", $"{i}")) { ExpiresIn = Second });
        }

        await StoreAsync(new(new ChannelAddress("a", null, "other")) { ExpiresIn = Second });
        Time.Advance(Second);

        var steps = new List<int>();
        do
        {
            steps.Add(await RemoveExpiredAsync(4));
        }
        while (steps[^1] == 4);

        Assert.Equal([4, 4, 4, 3], steps);
        Assert.Equal(0, await RemoveExpiredAsync(4));
    }

    [Fact]
    public async Task Removal_leaves_what_has_not_expired()
    {
        await StoreManyAsync("a", 3);
        Time.Advance(Second);

        Assert.Equal(0, await RemoveExpiredAsync());
        Assert.Equal(3, (await IdsAsync("a")).Length);
    }

    [Fact]
    public async Task What_was_removed_stays_remembered_for_each_address()
    {
        var trimmed = await StoreAsync(new("trimmed"));
        await StoreAsync(new("trimmed") { KeepCount = 1 });
        var expired = await StoreAsync(new(new ChannelAddress("expired", "room")) { ExpiresIn = Second });
        Time.Advance(Second);
        await RemoveExpiredAsync();
        await StoreManyAsync("other", 3);

        var slice = await Messages.ReadAfterAsync(
            Instance,
            [new("other", default), new(new("expired", "room"), default), new("expired", default), new("trimmed", default)],
            100,
            default).Within();

        Assert.Equal([default, expired.Cursor, default, trimmed.Cursor], slice.RemovedThrough);
    }

    [Fact]
    public async Task What_was_removed_never_falls()
    {
        var last = MessageCursor.Beginning;
        for (var i = 0; i < 6; i++)
        {
            await StoreAsync(new("a") { ExpiresIn = i % 2 == 0 ? 3 * Second : Second, KeepCount = 3 });
            Time.Advance(Second);
            var before = await RemovedThroughAsync("a");
            await RemoveExpiredAsync(1);
            var after = await RemovedThroughAsync("a");

            Assert.True(last <= before && before <= after);
            last = after;
        }
    }

    [Fact]
    public async Task Deleting_a_channel_removes_its_messages_and_remembers_how_far_they_went()
    {
        await CreateAsync("a");
        var roomless = await StoreAsync(new("a"));
        var room = await StoreAsync(new(new ChannelAddress("a", "room")));
        var other = await StoreAsync(new("ab"));

        Assert.True(await DeleteAsync("a"));

        Assert.Empty(await IdsAsync("a"));
        Assert.Empty(await IdsAsync(new("a", "room")));
        Assert.Empty(await ReadPageAsync(new("a", true, default, null, true, 10)));
        Assert.Equal([other.Id], Ids((await ReadInstanceAsync()).Messages));
        Assert.True(await RemovedThroughAsync("a") >= roomless.Cursor);
        Assert.True(await RemovedThroughAsync(new("a", "room")) >= room.Cursor);
        Assert.Equal(MessageCursor.Beginning, await RemovedThroughAsync("ab"));
        Assert.Equal(other.Cursor, (await HeadAsync()).Head);
    }

    [Fact]
    public async Task Removing_an_address_leaves_its_neighbours_and_remembers_how_far_it_went()
    {
        var roomless = await StoreAsync(new("a"));
        await StoreAsync(new(new ChannelAddress("a", "red")) { ExpiresIn = Second });
        var red = await StoreAsync(new(new ChannelAddress("a", "red")) { Key = "key" });
        var blue = await StoreAsync(new(new ChannelAddress("a", "blue")));

        Assert.Equal(2, await RemoveAsync(new("a", "red")));

        Assert.Empty(await IdsAsync(new("a", "red")));
        Assert.Equal([roomless.Id, blue.Id], Ids((await ReadInstanceAsync()).Messages));
        Assert.Equal(red.Cursor, await RemovedThroughAsync(new("a", "red")));
        Assert.Equal(MessageCursor.Beginning, await RemovedThroughAsync(new("a", "blue")));
        Assert.Equal(blue.Cursor, (await HeadAsync()).Head);
        Time.Advance(Second);
        Assert.Equal(0, await RemoveExpiredAsync());
    }

    [Fact]
    public async Task A_removed_address_goes_on_behind_what_it_had()
    {
        var old = await StoreManyAsync("a", 2);
        Assert.Equal(2, await RemoveAsync("a"));

        Assert.Equal(old[1].Cursor, (await HeadAsync()).Head);
        var message = await StoreAsync(new("a") { KeepCount = 1 });
        Assert.True(message.Id > old[1].Id);
        Assert.Equal([message.Id], await IdsAsync("a"));
        Assert.Equal(old[1].Cursor, await RemovedThroughAsync("a"));
    }

    [Fact]
    public async Task Removing_what_is_not_there_removes_nothing()
    {
        Assert.Equal(0, await RemoveAsync("a"));
        await StoreAsync(new("a"));
        Assert.Equal(0, await RemoveAsync(new("a", "room")));
        Assert.Equal(1, await RemoveAsync("a"));
        Assert.Equal(0, await RemoveAsync("a"));
    }

    [Fact]
    public async Task A_key_outlives_the_removal_of_its_address()
    {
        var first = await StoreAsync(Keyed);
        await RemoveAsync("a");

        var again = (await AppendAsync(Keyed)).Outcomes[0];

        Assert.Equal((AppendStatus.Duplicate, first.Id), (again.Status, again.Message!.Id));
        Assert.Empty(await IdsAsync("a"));
    }

    [Fact]
    public async Task A_recreated_channel_starts_behind_what_the_deleted_one_had()
    {
        await CreateAsync("a");
        var old = await StoreManyAsync("a", 2);
        await DeleteAsync("a");
        await CreateAsync("a");

        var message = await StoreAsync(new("a"));

        Assert.Equal([message.Id], await IdsAsync("a"));
        var removedThrough = await RemovedThroughAsync("a");
        Assert.True(removedThrough >= old[1].Cursor && removedThrough < message.Cursor);
    }
}
