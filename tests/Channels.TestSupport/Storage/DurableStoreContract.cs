namespace Channels.TestSupport.Storage;

/// <summary>What a store promises beyond <see cref="MessageStoreContract"/> when it keeps things over being closed and opened again.</summary>
public abstract class DurableStoreContract : StoreContract
{
    protected override bool IsDurable => true;

    [Fact]
    public async Task Messages_survive()
    {
        var stored = new List<ChannelMessage>
        {
            await StoreAsync(new("a", "{\"n\" : 1.0}") { Author = new(User: "ann") }),
            await StoreAsync(new(new ChannelAddress("b", "room"), "\"😀\"")),
        };

        await ReopenAsync();

        var read = (await ReadInstanceAsync()).Messages;
        Assert.Equal(stored.Count, read.Count);
        Assert.All(stored.Zip(read), pair => AssertSame(pair.First, pair.Second));
    }

    [Fact]
    public async Task Descriptors_survive_with_their_versions()
    {
        var first = await CreateAsync("a");
        var second = await Channels.UpdateAsync(await CreateAsync("b") with { RetainAge = TimeSpan.FromHours(1) }, default).Within();

        await ReopenAsync();

        Assert.Equal([first, second!], await Channels.ListAsync(Instance, new(), default).Within());
    }

    [Fact]
    public async Task Versions_and_sequences_are_not_given_again()
    {
        var deleted = await CreateAsync("a");
        await DeleteAsync("a");

        await ReopenAsync();

        var created = await CreateAsync("a");
        Assert.True(created.Version > deleted.Version);
        Assert.True(created.Sequence > deleted.Sequence);
    }

    [Fact]
    public async Task Ids_continue_above_all_that_were_given()
    {
        var last = await StoreAsync(new("a"));
        for (var i = 0; i < 3; i++)
        {
            await ReopenAsync();
            var next = await StoreAsync(new("a"));
            Assert.True(next.Id > last.Id);
            last = next;
        }
    }

    [Fact]
    public async Task Ids_of_transient_messages_are_not_given_again()
    {
        var transient = (await AppendAsync(new TestEntry("a") { IsTransient = true })).Head;

        await ReopenAsync();

        Assert.True((await HeadAsync()).Head >= transient);
        Assert.True((await AppendAsync(new TestEntry("a") { IsTransient = true })).Head > transient);
    }

    [Fact]
    public async Task Ids_continue_when_nothing_is_left()
    {
        var last = await StoreAsync(new("a") { ExpiresIn = TimeSpan.FromSeconds(1) });
        Time.Advance(TimeSpan.FromSeconds(1));
        await RemoveExpiredAsync();

        await ReopenAsync();

        Assert.True((await StoreAsync(new("a"))).Id > last.Id);
    }

    [Fact]
    public async Task Every_position_between_two_runs_stands_in_a_hole()
    {
        await StoreAsync(new("a"));
        var before = (await AppendAsync(new TestEntry("a") { IsTransient = true })).Head;

        await ReopenAsync();

        var after = await HeadAsync();
        var next = (await StoreAsync(new("a"))).Id;
        var holes = (await HeadAsync()).Holes;
        Assert.DoesNotContain(holes, hole => hole.Contains(before) || hole.Contains(after.Head));
        for (var id = before.Value + 1; id < Math.Min(next - 1, before.Value + 5000); id++)
        {
            Assert.Contains(holes, hole => hole.Contains(new(id)) || id == after.Head.Value);
        }
    }

    [Fact]
    public async Task Holes_ascend()
    {
        for (var i = 0; i < 4; i++)
        {
            await StoreAsync(new("a"));
            await ReopenAsync();
        }

        var holes = (await HeadAsync()).Holes;
        Assert.Equal(holes.OrderBy(hole => hole.After), holes);
        Assert.All(holes, hole => Assert.True(hole.After < hole.Before));
    }

    [Fact]
    public async Task Times_do_not_fall_over_a_restart()
    {
        var before = await StoreAsync(new("a"));
        Time.SetUtcNow(Now.AddHours(-1));

        await ReopenAsync();

        Assert.Equal(before.CreatedAt, (await HeadAsync()).LastCreatedAt);
        Assert.Equal(before.CreatedAt, (await StoreAsync(new("a"))).CreatedAt);
    }

    [Fact]
    public async Task What_was_removed_stays_remembered()
    {
        await CreateAsync("deleted");
        var deleted = await StoreAsync(new("deleted"));
        await DeleteAsync("deleted");
        var trimmed = await StoreAsync(new("trimmed"));
        await StoreAsync(new("trimmed") { KeepCount = 1 });
        var swept = await StoreAsync(new("swept") { ExpiresIn = TimeSpan.FromSeconds(1) });
        Time.Advance(TimeSpan.FromSeconds(1));
        await RemoveExpiredAsync();
        var expired = await StoreAsync(new("expired") { ExpiresIn = TimeSpan.FromSeconds(1) });
        Time.Advance(TimeSpan.FromSeconds(1));

        await ReopenAsync();

        Assert.Equal(trimmed.Cursor, await RemovedThroughAsync("trimmed"));
        Assert.Equal(swept.Cursor, await RemovedThroughAsync("swept"));
        Assert.Equal(expired.Cursor, await RemovedThroughAsync("expired"));
        Assert.True(await RemovedThroughAsync("deleted") >= deleted.Cursor);
        Assert.Equal(MessageCursor.Beginning, await RemovedThroughAsync("untouched"));
    }

    [Fact]
    public async Task Idempotency_keys_survive_until_their_window_closes()
    {
        var entry = new TestEntry("a", "1") { Key = "k" };
        var original = await StoreAsync(entry);

        await ReopenAsync();

        var repeated = (await AppendAsync(entry)).Outcomes[0];
        Assert.Equal(AppendStatus.Duplicate, repeated.Status);
        AssertSame(original, repeated.Message);
        Assert.Equal(AppendStatus.KeyConflict, (await AppendAsync(entry with { Payload = "2" })).Outcomes[0].Status);
        Time.Advance(entry.KeyWindow);
        Assert.Equal(AppendStatus.Stored, (await AppendAsync(entry)).Outcomes[0].Status);
    }

    [Fact]
    public async Task Stale_descriptors_are_found_after_a_restart()
    {
        var created = await CreateAsync("a");

        await ReopenAsync();

        Assert.Equal(AppendStatus.StaleDescriptor, (await AppendAsync(new TestEntry("a") { DescriptorVersion = 0 })).Outcomes[0].Status);
        await StoreAsync(new("a") { DescriptorVersion = created.Version });
    }

    [Fact]
    public async Task A_position_is_found_by_time_over_a_restart()
    {
        var first = await StoreAsync(new("a"));
        Time.Advance(TimeSpan.FromSeconds(1));
        await ReopenAsync();
        Time.Advance(TimeSpan.FromSeconds(1));
        var second = await StoreAsync(new("a"));

        var found = await Messages.FindAsync(Instance, first.CreatedAt, default).Within();

        Assert.True(found >= first.Cursor && found < second.Cursor);
    }
}
