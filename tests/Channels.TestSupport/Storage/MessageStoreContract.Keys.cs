namespace Channels.TestSupport.Storage;

public abstract partial class MessageStoreContract
{
    private static readonly TestEntry Keyed = new("a", "{\"n\":1}") { Key = "k", Author = new(User: "ann") };

    [Fact]
    public async Task The_same_key_and_payload_give_the_first_message_again()
    {
        var original = await StoreAsync(Keyed);
        Time.Advance(TimeSpan.FromSeconds(1));

        var result = await AppendAsync(Keyed);

        Assert.Equal(AppendStatus.Duplicate, result.Outcomes[0].Status);
        AssertSame(original, result.Outcomes[0].Message);
        Assert.Equal(original.Cursor, result.Head);
        Assert.Equal([original.Id], await IdsAsync("a"));
    }

    [Fact]
    public async Task A_duplicate_carries_every_field_of_the_first_message()
    {
        var entry = FullEntry(new("a", "room"), MessageAction.Update);
        var original = (await Messages.AppendAsync(Instance, [entry], default).Within()).Outcomes[0].Message!;

        var repeated = (await Messages.AppendAsync(Instance, [entry], default).Within()).Outcomes[0];

        Assert.Equal(AppendStatus.Duplicate, repeated.Status);
        AssertSame(original, repeated.Message);
    }

    [Fact]
    public async Task The_same_key_with_another_payload_is_a_conflict()
    {
        var original = await StoreAsync(Keyed);

        var outcome = (await AppendAsync(Keyed with { Payload = "{\"n\":1 }" })).Outcomes[0];

        Assert.Equal(new AppendOutcome(AppendStatus.KeyConflict), outcome);
        Assert.Equal([original.Id], await IdsAsync("a"));
    }

    [Fact]
    public async Task A_key_counts_within_its_own_batch()
    {
        var outcomes = (await AppendAsync(Keyed, Keyed, Keyed with { Payload = "2" })).Outcomes;

        Assert.Equal([AppendStatus.Stored, AppendStatus.Duplicate, AppendStatus.KeyConflict], outcomes.Select(outcome => outcome.Status));
        AssertSame(outcomes[0].Message!, outcomes[1].Message);
    }

    [Fact]
    public async Task A_key_belongs_to_its_author_address_and_instance()
    {
        await StoreAsync(Keyed);

        await StoreAsync(Keyed with { Author = new(User: "bob") });
        await StoreAsync(Keyed with { Author = new(ApiKey: "ann") });
        await StoreAsync(Keyed with { Author = new(Admin: "ann") });
        await StoreAsync(Keyed with { Author = MessageAuthor.None });
        await StoreAsync(Keyed with { Address = "b" });
        await StoreAsync(Keyed with { Address = new("a", "room") });
        await StoreAsync(Keyed with { Address = new("a", null, "other") });
        await StoreAsync(Keyed with { Key = "K" });
        await StoreAsync(Keyed with { Key = null });
        await StoreAsync(Keyed with { Key = null });
    }

    [Fact]
    public async Task A_key_is_remembered_until_its_window_closes()
    {
        await StoreAsync(Keyed);
        Time.Advance(Keyed.KeyWindow - TimeSpan.FromTicks(1));
        await RemoveExpiredAsync();
        Assert.Equal(AppendStatus.Duplicate, (await AppendAsync(Keyed)).Outcomes[0].Status);

        Time.Advance(TimeSpan.FromTicks(1));

        Assert.Equal(AppendStatus.Stored, (await AppendAsync(Keyed with { Payload = "2" })).Outcomes[0].Status);
    }

    [Fact]
    public async Task A_key_that_removal_has_forgotten_can_be_used_again()
    {
        await StoreAsync(Keyed);
        Time.Advance(Keyed.KeyWindow);
        await RemoveExpiredAsync();

        var again = await StoreAsync(Keyed with { Payload = "2" });

        Assert.Equal(AppendStatus.KeyConflict, (await AppendAsync(Keyed)).Outcomes[0].Status);
        AssertSame(again, (await AppendAsync(Keyed with { Payload = "2" })).Outcomes[0].Message);
    }

    [Fact]
    public async Task A_window_starts_anew_with_a_key_that_is_used_again()
    {
        await StoreAsync(Keyed);
        Time.Advance(Keyed.KeyWindow);
        await StoreAsync(Keyed);
        await RemoveExpiredAsync();
        Time.Advance(Keyed.KeyWindow - TimeSpan.FromTicks(1));
        await RemoveExpiredAsync();

        Assert.Equal(AppendStatus.Duplicate, (await AppendAsync(Keyed)).Outcomes[0].Status);
    }

    [Fact]
    public async Task A_key_outlives_the_removal_of_its_message()
    {
        var original = await StoreAsync(Keyed);
        await StoreAsync(new("a") { KeepCount = 1 });

        var outcome = (await AppendAsync(Keyed)).Outcomes[0];

        Assert.Equal(AppendStatus.Duplicate, outcome.Status);
        AssertSame(original, outcome.Message);
        Assert.DoesNotContain(original.Id, await IdsAsync("a"));
    }

    [Fact]
    public async Task A_key_outlives_the_expiry_of_its_message()
    {
        var entry = Keyed with { ExpiresIn = TimeSpan.FromSeconds(1) };
        var original = await StoreAsync(entry);
        Time.Advance(TimeSpan.FromSeconds(1));
        await RemoveExpiredAsync();

        var outcome = (await AppendAsync(entry)).Outcomes[0];

        Assert.Equal(AppendStatus.Duplicate, outcome.Status);
        Assert.Equal(original.Id, outcome.Message!.Id);
    }

    [Fact]
    public async Task An_entry_of_another_descriptor_version_is_stale()
    {
        var version = (await CreateAsync("a")).Version;

        var outcomes = (await AppendAsync(
            new("a", "1") { DescriptorVersion = version },
            new("a", "2") { DescriptorVersion = version + 1 },
            new("a", "3") { DescriptorVersion = 0 },
            new("a", "4") { DescriptorVersion = null },
            new(new ChannelAddress("a", "room"), "5") { DescriptorVersion = version + 1 },
            new(new ChannelAddress("a", "room"), "6") { DescriptorVersion = version },
            new("a", "7") { DescriptorVersion = 0, IsTransient = true })).Outcomes;

        Assert.Equal(new AppendOutcome(AppendStatus.StaleDescriptor), outcomes[1]);
        Assert.Equal(["1", "4", "6"], outcomes.Where(outcome => outcome.Message is not null).Select(outcome => Text(outcome.Message!)));
    }

    [Fact]
    public async Task Version_0_stands_for_no_stored_descriptor()
    {
        await StoreAsync(new("a") { DescriptorVersion = 0 });
        Assert.Equal(AppendStatus.StaleDescriptor, (await AppendAsync(new TestEntry("a") { DescriptorVersion = 1 })).Outcomes[0].Status);

        await CreateAsync("a");
        Assert.Equal(AppendStatus.StaleDescriptor, (await AppendAsync(new TestEntry("a") { DescriptorVersion = 0 })).Outcomes[0].Status);

        await DeleteAsync("a");
        await StoreAsync(new("a") { DescriptorVersion = 0 });
    }

    [Fact]
    public async Task A_change_of_the_descriptor_makes_earlier_versions_stale()
    {
        var created = await CreateAsync("a");
        var updated = await Channels.UpdateAsync(created with { Description = "new" }, default).Within();

        Assert.Equal(AppendStatus.StaleDescriptor, (await AppendAsync(new TestEntry("a") { DescriptorVersion = created.Version })).Outcomes[0].Status);
        await StoreAsync(new("a") { DescriptorVersion = updated!.Version });
    }
}
