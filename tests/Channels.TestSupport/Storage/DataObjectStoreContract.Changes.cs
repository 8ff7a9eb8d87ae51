namespace Channels.TestSupport.Storage;

public abstract partial class DataObjectStoreContract
{
    [Fact]
    public async Task A_creation_stores_the_object_and_its_notification()
    {
        var books = await CreateClassAsync("books");
        await StoreAsync(new("news"));
        Time.Advance(TimeSpan.FromSeconds(1));
        (DataObject? Current, long Id, DateTimeOffset Time) seen = default;

        var outcome = await ChangeAsync(books, 0, (current, id, time) =>
        {
            seen = (current, id, time);
            var decision = Create(books, id, time, "{\"title\":\"first\"}", "news", "room");
            return decision with
            {
                After = decision.After! with
                {
                    Revision = 7,
                    Owner = "ann",
                    OwnerPermission = ObjectPermission.Full,
                    Group = "staff",
                    GroupPermission = ObjectPermission.Write,
                    OtherPermission = ObjectPermission.Read,
                },
            };
        }, "news", "room");

        Assert.Equal((null, 1, Now), seen);
        Assert.Equal(AppendStatus.Stored, outcome.Status);
        AssertSame(outcome.Decision!.After!, await GetAsync("books", 1));
        var message = outcome.Message!;
        Assert.Equal(new ChannelAddress("news", "room"), message.Address);
        Assert.Equal((MessageAction.Create, "books", "ann", seen.Time), (message.Action, message.Metadata.ObjectClass, message.Author.User, message.CreatedAt));
        Assert.Equal("{\"title\":\"first\"}", Text(message));
        AssertSame(message, (await ReadInstanceAsync()).Messages[^1]);
        Assert.Equal(1, (await GetClassAsync("books"))!.ObjectCount);
        Assert.Null(await GetAsync("other", 1));
        Assert.Null(await Objects.GetObjectAsync("other", "books", 1, default).Within());
        Assert.Null(await GetAsync("books", 2));
    }

    [Fact]
    public async Task An_update_and_a_deletion_see_the_object_as_it_is()
    {
        var books = await CreateClassAsync("books");
        var created = await PutAsync(books, "{\"n\":1}", "news");
        var seen = new List<DataObject?>();

        var updated = await ChangeAsync(books, created.Id, (current, _, time) =>
        {
            seen.Add(current);
            return new(ObjectStatus.Done, current! with { Fields = "{\"n\":2}"u8.ToArray(), Revision = 2, UpdatedAt = time }, new("2") { Action = MessageAction.Update, ObjectClass = "books" })
            {
                Before = current,
            };
        }, "news");
        AssertSame(updated.Decision!.After!, await GetAsync("books", created.Id));
        var deleted = await ChangeAsync(books, created.Id, (current, _, _) =>
        {
            seen.Add(current);
            return new(ObjectStatus.Done, Draft: new("3") { Action = MessageAction.Delete, ObjectClass = "books" }) { Before = current };
        }, "news");
        await ChangeAsync(books, created.Id, (current, _, _) =>
        {
            seen.Add(current);
            return new(ObjectStatus.NotFound);
        });

        AssertSame(created, seen[0]);
        AssertSame(updated.Decision!.After!, seen[1]);
        Assert.Null(seen[2]);
        Assert.Equal(["{\"n\":1}", "2", "3"], (await ReadInstanceAsync()).Messages.Select(Text));
        Assert.Equal(MessageAction.Delete, deleted.Message!.Action);
        Assert.Null(await GetAsync("books", created.Id));
        Assert.Equal(0, (await GetClassAsync("books"))!.ObjectCount);
        Assert.True((await PutAsync(books, "{}")).Id > created.Id);
    }

    [Fact]
    public async Task An_entry_that_is_not_stored_leaves_its_neighbours_alone_and_changes_nothing()
    {
        var books = await CreateClassAsync("books");
        var news = await CreateAsync("news");
        var problem = new ObjectProblem("title", ObjectProblemKind.TooLong, 128);

        var result = await Messages.AppendAsync(
            Instance,
            [
                new TestEntry("news", "1").Build(Now),
                Entry(books, 0, (_, _, _) => new(ObjectStatus.Invalid) { Problems = [problem] }, "news"),
                Entry(books, 0, (_, id, time) => Create(books, id, time, "{\"n\":1}", "news"), "news"),
                Entry(books with { Version = 99 }, 0, (_, id, time) => Create(books, id, time, "{\"n\":2}", "news"), "news"),
                Entry(books, 0, (_, id, time) => Create(books, id, time, "{\"n\":3}", "news"), "news", descriptorVersion: news.Version + 1),
                Entry(books with { Name = "unknown" }, 0, (_, id, time) => Create(books, id, time, "{\"n\":4}", "news"), "news"),
                Entry(books, 0, (_, id, time) => Create(books, id, time, "{\"n\":5}", "news"), "news", descriptorVersion: news.Version),
                new TestEntry("news", "2").Build(Now),
            ],
            default).Within();

        Assert.Equal(
            [
                AppendStatus.Stored, AppendStatus.Refused, AppendStatus.Stored, AppendStatus.StaleClass, AppendStatus.StaleDescriptor,
                AppendStatus.StaleClass, AppendStatus.Stored, AppendStatus.Stored,
            ],
            result.Outcomes.Select(outcome => outcome.Status));
        Assert.Equal([problem], result.Outcomes[1].Decision!.Problems);
        Assert.Equal(["1", "{\"n\":1}", "{\"n\":5}", "2"], (await ReadInstanceAsync()).Messages.Select(Text));
        Assert.Equal([1, 2], (await ListAsync("books", new())).Select(found => found.Id));
        Assert.Equal(2, (await GetClassAsync("books"))!.ObjectCount);
        Assert.Equal(result.Previous.Value + 4, result.Head.Value);
    }

    [Fact]
    public async Task A_change_sees_what_entries_before_it_in_the_batch_did()
    {
        var books = await CreateClassAsync("books");
        ObjectDecision Add(DataObject? current, long id, DateTimeOffset time) =>
            new(ObjectStatus.Done, current! with { Revision = current.Revision + 1 }) { Before = current };

        var result = await Messages.AppendAsync(
            Instance,
            [
                Entry(books, 0, (_, id, time) => Create(books, id, time, "{}")),
                Entry(books, 1, Add),
                Entry(books, 1, Add),
                Entry(books, 1, (current, _, _) => new(ObjectStatus.Done) { Before = current }),
                Entry(books, 1, (current, _, _) => new(current is null ? ObjectStatus.NotFound : ObjectStatus.Done)),
                Entry(books, 0, (_, id, time) => Create(books, id, time, "{}")),
            ],
            default).Within();

        Assert.Equal([1, 2, 3], result.Outcomes.Take(3).Select(outcome => outcome.Decision!.After!.Revision));
        Assert.Equal(ObjectStatus.NotFound, result.Outcomes[4].Decision!.Status);
        Assert.Equal(2, Assert.Single(await ListAsync("books", new())).Id);
        Assert.Equal(1, (await GetClassAsync("books"))!.ObjectCount);
    }

    [Fact]
    public async Task A_change_that_publishes_nothing_takes_no_id_of_the_log()
    {
        var books = await CreateClassAsync("books");
        var last = await StoreAsync(new("news"));

        var outcome = await ChangeAsync(books, 0, (_, id, time) => Create(books, id, time, "{}"));

        Assert.Equal(AppendStatus.Stored, outcome.Status);
        Assert.Null(outcome.Message);
        Assert.Equal(last.Cursor, (await HeadAsync()).Head);
        Assert.Equal(last.Id + 1, (await StoreAsync(new("news"))).Id);
        Assert.NotNull(await GetAsync("books", 1));
    }

    [Fact]
    public async Task A_transient_notification_is_not_kept_but_its_object_is()
    {
        var books = await CreateClassAsync("books");

        var result = await Messages.AppendAsync(
            Instance, [Entry(books, 0, (_, id, time) => Create(books, id, time, "{}", "news"), "news", isTransient: true)], default).Within();

        Assert.True(result.Outcomes[0].Message!.IsTransient);
        Assert.Empty((await ReadInstanceAsync()).Messages);
        Assert.NotNull(await GetAsync("books", 1));
    }

    [Fact]
    public async Task A_class_has_no_more_objects_than_it_may()
    {
        var books = await CreateClassAsync("books");
        AppendEntry Next() => Entry(books, 0, (_, id, time) => Create(books, id, time, "{}", "news"), "news", maxObjects: 2);

        var result = await Messages.AppendAsync(Instance, [Next(), Next(), Next()], default).Within();

        Assert.Equal([AppendStatus.Stored, AppendStatus.Stored, AppendStatus.Refused], result.Outcomes.Select(outcome => outcome.Status));
        Assert.Equal(ObjectStatus.LimitReached, result.Outcomes[2].Decision!.Status);
        Assert.Equal(2, (await ReadInstanceAsync()).Messages.Count);
        await ChangeAsync(books, 1, (current, _, _) => new(ObjectStatus.Done) { Before = current });
        Assert.Equal(AppendStatus.Stored, (await Messages.AppendAsync(Instance, [Next()], default).Within()).Outcomes[0].Status);
    }

    [Fact]
    public async Task A_deleted_channel_takes_its_objects_with_it()
    {
        var books = await CreateClassAsync("books");
        var others = await CreateClassAsync("others");
        await CreateAsync("news");
        await CreateAsync("chat");
        await PutAsync(books, "{}", "news");
        await PutAsync(others, "{}", "news", "room");
        var elsewhere = await PutAsync(books, "{}", "chat");
        var unbound = await PutAsync(books, "{}");

        Assert.True(await DeleteAsync("news"));

        Assert.Equal([elsewhere.Id, unbound.Id], (await ListAsync("books", new())).Select(found => found.Id));
        Assert.Empty(await ListAsync("others", new()));
        Assert.Equal(2, (await GetClassAsync("books"))!.ObjectCount);
        Assert.Equal(0, (await GetClassAsync("others"))!.ObjectCount);
        Assert.Single((await ReadInstanceAsync()).Messages);
        Assert.Equal(unbound.Id + 1, (await PutAsync(others, "{}")).Id);
    }

    [Fact]
    public async Task Instances_do_not_see_each_others_objects()
    {
        var mine = await CreateClassAsync("books");
        var theirs = Assert.IsType<ObjectClass>(await Objects.CreateClassAsync(new() { Name = "books", Instance = "other" }, default).Within());
        await PutAsync(mine, "{\"whose\":\"mine\"}");

        var result = await Messages.AppendAsync("other", [Entry(theirs, 0, (_, id, time) => Create(theirs, id, time, "{\"whose\":\"theirs\"}"))], default).Within();

        Assert.Equal(1, result.Outcomes[0].Decision!.After!.Id);
        Assert.Equal("{\"whose\":\"theirs\"}"u8.ToArray(), (await Objects.GetObjectAsync("other", "books", 1, default).Within())!.Fields.ToArray());
        Assert.Equal("{\"whose\":\"mine\"}"u8.ToArray(), (await GetAsync("books", 1))!.Fields.ToArray());
    }

    [Fact]
    public async Task Objects_survive_where_messages_do_and_their_ids_are_not_given_again()
    {
        var books = await CreateClassAsync("books");
        var kept = await PutAsync(books, "{\"n\":1}", "news");
        var gone = await PutAsync(books, "{\"n\":2}");
        await ChangeAsync(books, gone.Id, (current, _, _) => new(ObjectStatus.Done) { Before = current });
        if (!IsDurable)
        {
            return;
        }

        await ReopenAsync();

        AssertSame(kept, await GetAsync("books", kept.Id));
        AssertSame(books with { ObjectCount = 1 }, (await GetClassAsync("books"))!);
        Assert.Equal(gone.Id + 1, (await PutAsync(books, "{}")).Id);
    }
}
