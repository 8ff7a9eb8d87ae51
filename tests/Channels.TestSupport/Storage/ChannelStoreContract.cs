namespace Channels.TestSupport.Storage;

/// <summary>What <see cref="IChannelStore"/> promises: a test for each sentence.</summary>
public abstract class ChannelStoreContract : StoreContract
{
    [Fact]
    public async Task A_descriptor_is_read_as_it_was_stored()
    {
        var descriptor = new ChannelDescriptor
        {
            Instance = "tenant",
            Name = "kanal/频道 😀 '\"%_",
            Type = ChannelType.SeparateRooms,
            Description = "für alle \u2028 😀",
            Group = "grüppe",
            GroupPermission = ChannelPermission.Publish,
            OtherPermission = ChannelPermission.Subscribe,
            ClientsMayPublish = true,
            RetainAge = TimeSpan.FromSeconds(90.5),
            RetainCount = 12,
            TransientByDefault = true,
            CreatedAt = Now.AddTicks(1),
            UpdatedAt = Now.AddTicks(2),
        };

        var created = await Channels.CreateAsync(descriptor, default).Within();

        Assert.Equal(descriptor, created! with { Version = 0, Sequence = 0 });
        Assert.Equal(created, await Channels.GetAsync("tenant", descriptor.Name, default).Within());
        Assert.Equal([created], await ListAsync(new(), "tenant"));
    }

    [Fact]
    public async Task A_descriptor_of_defaults_is_read_as_it_was_stored()
    {
        var created = await CreateAsync("a");

        Assert.Equal(created, await GetAsync("a"));
        Assert.Null(created.Group);
        Assert.Null(created.RetainAge);
        Assert.Null(created.RetainCount);
    }

    [Fact]
    public async Task A_name_that_was_not_stored_gives_nothing()
    {
        await CreateAsync("a");

        Assert.Null(await GetAsync("b"));
        Assert.Null(await GetAsync("A"));
        Assert.Null(await Channels.GetAsync("other", "a", default).Within());
    }

    [Fact]
    public async Task Names_are_compared_by_code_unit()
    {
        string[] names = ["a", "A", "a ", "é", "e\u0301"];
        foreach (var name in names)
        {
            await CreateAsync(name);
        }

        foreach (var name in names)
        {
            Assert.Equal(name, (await GetAsync(name))!.Name);
        }
    }

    [Fact]
    public async Task Versions_and_sequences_are_given_by_the_store()
    {
        var created = await Channels.CreateAsync(new() { Name = "a", Version = 70, Sequence = 80 }, default).Within();
        var next = await CreateAsync("b");

        Assert.True(created!.Version > 0 && created.Sequence > 0);
        Assert.True(next.Sequence > created.Sequence && next.Sequence < 70);
    }

    [Fact]
    public async Task A_name_that_is_taken_is_not_stored_again()
    {
        var created = await CreateAsync("a");

        Assert.Null(await Channels.CreateAsync(new() { Name = "a", Description = "second" }, default).Within());
        Assert.Equal(created, await GetAsync("a"));
        await CreateAsync("a", "other");
    }

    [Fact]
    public async Task Of_many_who_create_a_name_at_once_one_succeeds()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(i =>
            Task.Run(() => Channels.CreateAsync(new() { Name = "a", Description = $"{i}" }, default).AsTask()))).Within();

        Assert.Equal(Assert.Single(results, result => result is not null), await GetAsync("a"));
    }

    [Fact]
    public async Task Channels_are_listed_in_creation_order_or_the_reverse()
    {
        string[] names = ["c", "a", "d", "b"];
        foreach (var name in names)
        {
            await CreateAsync(name);
            await CreateAsync(name, "other");
        }

        Assert.Equal(names, await NamesAsync(new()));
        Assert.Equal(names.Reverse(), await NamesAsync(new() { NewestFirst = true }));
        Assert.Equal(["c", "a"], await NamesAsync(new() { Limit = 2 }));
        Assert.Equal(["b", "d"], await NamesAsync(new() { Limit = 2, NewestFirst = true }));
        Assert.Empty(await NamesAsync(new() { Limit = 0 }));
        Assert.Empty(await ListAsync(new(), "nobody"));
    }

    [Fact]
    public async Task A_list_stays_strictly_between_its_bounds()
    {
        var created = new List<ChannelDescriptor>();
        foreach (var name in new[] { "e", "d", "c", "b", "a" })
        {
            created.Add(await CreateAsync(name));
        }

        Assert.Equal(["d", "c"], await NamesAsync(new() { After = created[0].Sequence, Before = created[3].Sequence }));
        Assert.Equal(["c", "d"], await NamesAsync(new() { After = created[0].Sequence, Before = created[3].Sequence, NewestFirst = true }));
        Assert.Equal(["c"], await NamesAsync(new() { After = created[1].Sequence, Limit = 1 }));
        Assert.Equal(["c"], await NamesAsync(new() { Before = created[3].Sequence, Limit = 1, NewestFirst = true }));
        Assert.Empty(await NamesAsync(new() { After = created[4].Sequence }));
        Assert.Empty(await NamesAsync(new() { Before = created[0].Sequence }));
        Assert.Empty(await NamesAsync(new() { After = created[2].Sequence, Before = created[2].Sequence }));
    }

    [Fact]
    public async Task A_list_by_prefix_keeps_creation_order_and_compares_by_code_unit()
    {
        foreach (var name in new[] { "room_2", "Room_0", "roomx", "room_", "room", "room_1", "room%", "rö", "room\uFFFF", "s" })
        {
            await CreateAsync(name);
        }

        var second = (await GetAsync("room_"))!;
        Assert.Equal(["room_2", "room_", "room_1"], await NamesAsync(new() { NamePrefix = "room_" }));
        Assert.Equal(["room_1", "room_", "room_2"], await NamesAsync(new() { NamePrefix = "room_", NewestFirst = true }));
        Assert.Equal(["room_1"], await NamesAsync(new() { NamePrefix = "room_", After = second.Sequence }));
        Assert.Equal(["room_2"], await NamesAsync(new() { NamePrefix = "room_", Limit = 1 }));
        Assert.Equal(["room%"], await NamesAsync(new() { NamePrefix = "room%" }));
        Assert.Equal(["Room_0"], await NamesAsync(new() { NamePrefix = "R" }));
        Assert.Equal(["room\uFFFF"], await NamesAsync(new() { NamePrefix = "room\uFFFF" }));
        Assert.Equal(10, (await NamesAsync(new() { NamePrefix = "" })).Length);
        Assert.Empty(await NamesAsync(new() { NamePrefix = "rooms" }));
    }

    [Fact]
    public async Task An_update_replaces_the_facts_and_gives_a_new_version()
    {
        var created = await CreateAsync("a");
        var other = await CreateAsync("b");

        var updated = await Channels.UpdateAsync(created with { Description = "new", RetainCount = 5, Sequence = 99 }, default).Within();

        Assert.NotNull(updated);
        Assert.Equal(created with { Description = "new", RetainCount = 5, Version = updated.Version }, updated);
        Assert.True(updated.Version > created.Version);
        Assert.Equal(updated, await GetAsync("a"));
        Assert.Equal([updated, other], await ListAsync(new()));
    }

    [Fact]
    public async Task An_update_of_another_version_changes_nothing()
    {
        var created = await CreateAsync("a");
        var updated = await Channels.UpdateAsync(created with { Description = "first" }, default).Within();

        Assert.Null(await Channels.UpdateAsync(created with { Description = "second" }, default).Within());
        Assert.Equal(updated, await GetAsync("a"));
    }

    [Fact]
    public async Task An_update_of_what_is_gone_stores_nothing()
    {
        var created = await CreateAsync("a");
        await DeleteAsync("a");

        Assert.Null(await Channels.UpdateAsync(created with { Description = "new" }, default).Within());
        Assert.Null(await GetAsync("a"));
    }

    [Fact]
    public async Task Of_many_who_update_a_version_at_once_one_succeeds()
    {
        var created = await CreateAsync("a");

        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(i =>
            Task.Run(() => Channels.UpdateAsync(created with { Description = $"{i}" }, default).AsTask()))).Within();

        Assert.Equal(Assert.Single(results, result => result is not null), await GetAsync("a"));
    }

    [Fact]
    public async Task Deletion_tells_whether_there_was_something()
    {
        await CreateAsync("a");
        await CreateAsync("a", "other");

        Assert.True(await DeleteAsync("a"));
        Assert.False(await DeleteAsync("a"));
        Assert.False(await DeleteAsync("b"));
        Assert.Null(await GetAsync("a"));
        Assert.Empty(await NamesAsync(new()));
        Assert.NotNull(await Channels.GetAsync("other", "a", default).Within());
    }

    [Fact]
    public async Task Deletion_of_what_is_not_stored_leaves_messages_alone()
    {
        var message = await StoreAsync(new("a"));

        Assert.False(await DeleteAsync("a"));
        Assert.Equal([message.Id], await IdsAsync("a"));
    }

    [Fact]
    public async Task Deletion_in_one_instance_leaves_the_others_messages()
    {
        var address = new ChannelAddress("a", "room", "other");
        await CreateAsync("a");
        await CreateAsync("a", "other");
        var message = await StoreAsync(new(address));

        await DeleteAsync("a");

        Assert.Equal([message.Id], await IdsAsync(address));
        Assert.Equal(MessageCursor.Beginning, await RemovedThroughAsync(address));
    }

    [Fact]
    public async Task A_recreated_channel_has_a_greater_version_and_sequence()
    {
        var first = await CreateAsync("a");
        var updated = await Channels.UpdateAsync(first with { Description = "new" }, default).Within();
        await DeleteAsync("a");

        var second = await CreateAsync("a");

        Assert.True(second.Version > updated!.Version);
        Assert.True(second.Sequence > first.Sequence);
        Assert.Null(await Channels.UpdateAsync(updated with { Description = "late" }, default).Within());
    }

    [Fact]
    public async Task A_cancelled_call_throws_and_the_store_goes_on()
    {
        var cancelled = new CancellationToken(canceled: true);
        var created = await CreateAsync("a");

        await AssertCancelledAsync(() => Channels.GetAsync(Instance, "a", cancelled).Within());
        await AssertCancelledAsync(() => Channels.ListAsync(Instance, new(), cancelled).Within());
        await AssertCancelledAsync(() => Channels.CreateAsync(new() { Name = "b" }, cancelled).Within());
        await AssertCancelledAsync(() => Channels.UpdateAsync(created, cancelled).Within());
        await AssertCancelledAsync(() => Channels.DeleteAsync(Instance, "b", cancelled).Within());

        Assert.NotNull(await GetAsync("a"));
    }

    private static Task<OperationCanceledException> AssertCancelledAsync(Func<Task> call) => Assert.ThrowsAnyAsync<OperationCanceledException>(call);

    private async Task<ChannelDescriptor?> GetAsync(string name) => await Channels.GetAsync(Instance, name, default).Within();

    private async Task<IReadOnlyList<ChannelDescriptor>> ListAsync(ChannelListQuery query, string instance = Instance) =>
        await Channels.ListAsync(instance, query, default).Within();

    private async Task<string[]> NamesAsync(ChannelListQuery query) => [.. (await ListAsync(query)).Select(descriptor => descriptor.Name)];
}
