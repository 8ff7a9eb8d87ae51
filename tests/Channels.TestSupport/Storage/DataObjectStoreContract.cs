using System.Text;

namespace Channels.TestSupport.Storage;

/// <summary>What <see cref="IDataObjectStore"/> promises, and <see cref="IMessageStore"/> of changes of objects: a test for each sentence.</summary>
public abstract partial class DataObjectStoreContract : StoreContract
{
    protected IDataObjectStore Objects => (IDataObjectStore)Messages;

    [Fact]
    public async Task A_class_is_read_as_it_was_stored()
    {
        var facts = new ObjectClass
        {
            Instance = "tenant",
            Name = "books",
            Description = "für alle \u2028 😀",
            Fields =
            [
                new("title", ObjectFieldType.String),
                new("author", ObjectFieldType.Reference, "people"),
                .. Enum.GetValues<ObjectFieldType>().Select(type => new ObjectField($"of_{type}", type)),
            ],
            Metadata = "{\"color\" : 1.0}"u8.ToArray(),
            Group = "grüppe",
            GroupPermission = ClassPermission.CreateObjects,
            OtherPermission = ClassPermission.Read,
            Revision = 3,
            CreatedAt = Now.AddTicks(1),
            UpdatedAt = Now.AddTicks(2),
        };

        var created = await Objects.CreateClassAsync(facts, default).Within();
        var read = await Objects.GetClassAsync("tenant", "books", default).Within();

        Assert.True(created!.Version > 0 && created.Sequence > 0);
        AssertSame(facts with { Version = created.Version, Sequence = created.Sequence }, read!);
        AssertSame(created, read!);
        Assert.Null(await Objects.GetClassAsync("tenant", "Books", default).Within());
        Assert.Null(await Objects.GetClassAsync(Instance, "books", default).Within());
    }

    [Fact]
    public async Task A_class_name_is_taken_once_in_an_instance()
    {
        await CreateClassAsync("a");

        Assert.Null(await Objects.CreateClassAsync(new() { Name = "a" }, default).Within());
        Assert.NotNull(await Objects.CreateClassAsync(new() { Name = "a", Instance = "other" }, default).Within());
    }

    [Fact]
    public async Task A_class_is_replaced_only_in_the_version_that_the_change_was_made_from()
    {
        var created = await CreateClassAsync("a");
        await PutAsync(created, "{}");

        var updated = await Objects.UpdateClassAsync(created with { Description = "new", Fields = [new("x", ObjectFieldType.Text)] }, default).Within();

        Assert.True(updated!.Version > created.Version);
        Assert.Equal((created.Sequence, 1), (updated.Sequence, updated.ObjectCount));
        AssertSame(updated, (await GetClassAsync("a"))!);
        Assert.Null(await Objects.UpdateClassAsync(created with { Description = "late" }, default).Within());
        Assert.Null(await Objects.UpdateClassAsync(updated with { Name = "b" }, default).Within());
        AssertSame(updated, (await GetClassAsync("a"))!);
    }

    [Fact]
    public async Task A_deleted_class_takes_its_objects_with_it_and_its_numbers_are_not_given_again()
    {
        var first = await CreateClassAsync("a");
        var other = await CreateClassAsync("b");
        var gone = await PutAsync(first, "{}");
        var kept = await PutAsync(other, "{}");

        Assert.True(await Objects.DeleteClassAsync(Instance, "a", default).Within());
        Assert.False(await Objects.DeleteClassAsync(Instance, "a", default).Within());
        var again = await CreateClassAsync("a");

        Assert.True(again.Version > first.Version && again.Sequence > other.Sequence);
        Assert.Null(await GetAsync("a", gone.Id));
        Assert.Empty(await ListAsync("a", new()));
        Assert.NotNull(await GetAsync("b", kept.Id));
        Assert.True((await PutAsync(again, "{}")).Id > kept.Id);
        Assert.Equal(AppendStatus.StaleClass, (await ChangeAsync(first, 0, (_, id, time) => Create(first, id, time, "{}"))).Status);
    }

    [Fact]
    public async Task Classes_are_listed_in_creation_order_and_the_reverse()
    {
        var sequences = new List<long>();
        foreach (var name in new[] { "c", "a", "d", "b" })
        {
            sequences.Add((await CreateClassAsync(name)).Sequence);
        }

        Assert.Equal(["c", "a", "d", "b"], await NamesAsync(new()));
        Assert.Equal(["b", "d"], await NamesAsync(new() { NewestFirst = true, Limit = 2 }));
        Assert.Equal(["d", "b"], await NamesAsync(new() { After = sequences[1] }));
        Assert.Equal(["a", "c"], await NamesAsync(new() { Before = sequences[2], NewestFirst = true }));
        Assert.Empty(await NamesAsync(new() { Limit = 0 }));

        async Task<IEnumerable<string>> NamesAsync(ObjectListQuery query) =>
            (await Objects.ListClassesAsync(Instance, query, default).Within()).Select(found => found.Name);
    }

    [Fact]
    public async Task Objects_are_listed_by_id_in_both_directions()
    {
        var books = await CreateClassAsync("books");
        var others = await CreateClassAsync("others");
        var ids = new List<long>();
        for (var i = 0; i < 5; i++)
        {
            ids.Add((await PutAsync(books, $"{{\"n\":{i}}}")).Id);
            await PutAsync(others, "{}");
        }

        Assert.Equal(ids, await IdsAsync(new()));
        Assert.Equal([ids[4], ids[3]], await IdsAsync(new() { NewestFirst = true, Limit = 2 }));
        Assert.Equal([ids[2], ids[3]], await IdsAsync(new() { After = ids[1], Limit = 2 }));
        Assert.Equal([ids[2], ids[3]], await IdsAsync(new() { After = ids[1], Before = ids[4] }));
        Assert.Equal([ids[1], ids[0]], await IdsAsync(new() { Before = ids[2], NewestFirst = true }));
        Assert.Empty(await IdsAsync(new() { Limit = 0 }));
        Assert.Empty(await IdsAsync(new() { After = long.MaxValue }));
        Assert.Empty(await IdsAsync(new() { Before = long.MinValue }));
        Assert.Equal(ids, await IdsAsync(new() { After = -5, Before = long.MaxValue }));
        Assert.Empty(await ListAsync("unknown", new()));

        async Task<IEnumerable<long>> IdsAsync(ObjectListQuery query) => (await ListAsync("books", query)).Select(found => found.Id);
    }

    protected static ObjectDecision Create(ObjectClass objectClass, long id, DateTimeOffset time, string fields, string? channel = null, string? room = null)
    {
        var created = new DataObject
        {
            Class = objectClass.Name,
            Id = id,
            CreatedAt = time,
            UpdatedAt = time,
            Channel = channel,
            Room = room,
            Fields = Encoding.UTF8.GetBytes(fields),
        };
        return new(ObjectStatus.Done, created, channel is null ? null : new(fields) { Action = MessageAction.Create, ObjectClass = objectClass.Name });
    }

    protected async Task<ObjectClass> CreateClassAsync(string name) =>
        Assert.IsType<ObjectClass>(await Objects.CreateClassAsync(new() { Name = name, Revision = 1, CreatedAt = Now, UpdatedAt = Now }, default).Within());

    protected async Task<ObjectClass?> GetClassAsync(string name) => await Objects.GetClassAsync(Instance, name, default).Within();

    protected async Task<DataObject?> GetAsync(string className, long id) => await Objects.GetObjectAsync(Instance, className, id, default).Within();

    protected async Task<IReadOnlyList<DataObject>> ListAsync(string className, ObjectListQuery query) =>
        await Objects.ListObjectsAsync(Instance, className, query, default).Within();

    /// <summary>Creates an object.</summary>
    protected async Task<DataObject> PutAsync(ObjectClass objectClass, string fields, string? channel = null, string? room = null)
    {
        var outcome = await ChangeAsync(objectClass, 0, (_, id, time) => Create(objectClass, id, time, fields, channel, room), channel, room);
        Assert.Equal(AppendStatus.Stored, outcome.Status);
        return outcome.Decision!.After!;
    }

    protected async Task<AppendOutcome> ChangeAsync(
        ObjectClass objectClass,
        long id,
        Func<DataObject?, long, DateTimeOffset, ObjectDecision> decide,
        string? channel = null,
        string? room = null) =>
        Assert.Single((await Messages.AppendAsync(Instance, [Entry(objectClass, id, decide, channel, room)], default).Within()).Outcomes);

    protected AppendEntry Entry(
        ObjectClass objectClass,
        long id,
        Func<DataObject?, long, DateTimeOffset, ObjectDecision> decide,
        string? channel = null,
        string? room = null,
        bool isTransient = false,
        long maxObjects = long.MaxValue,
        long? descriptorVersion = null) => new()
        {
            Address = channel is null ? default : new(channel, room),
            Change = new TestChange(decide) { Class = objectClass.Name, Id = id, ClassVersion = objectClass.Version, MaxObjects = maxObjects },
            Author = new(User: "ann"),
            ExpiresAt = Now.AddDays(1),
            KeepCount = 1000,
            IsTransient = isTransient,
            DescriptorVersion = descriptorVersion,
        };

    protected static void AssertSame(ObjectClass expected, ObjectClass actual)
    {
        Assert.Equal(expected.Fields, actual.Fields);
        Assert.Equal(expected.Metadata.ToArray(), actual.Metadata.ToArray());
        Assert.Equal(expected, actual with { Fields = expected.Fields, Metadata = expected.Metadata });
    }

    protected static void AssertSame(DataObject expected, DataObject? actual)
    {
        Assert.NotNull(actual);
        Assert.Equal(expected.Fields.ToArray(), actual.Fields.ToArray());
        Assert.Equal(expected, actual with { Fields = expected.Fields });
    }
}
