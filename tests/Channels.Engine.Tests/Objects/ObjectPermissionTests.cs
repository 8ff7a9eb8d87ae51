using Channels.Testing;
using Channels.TestSupport;

namespace Channels.Engine.Tests.Objects;

/// <summary>Every kind of caller against every permission of class, object and channel, compared with the matrix as it is written.</summary>
public sealed class ObjectPermissionTests
{
    private static readonly (string Name, ChannelCaller Caller, bool? Trusted)[] Callers =
    [
        ("host", ChannelCaller.Host, true),
        ("writing admin", ChannelCaller.Admin("1", AdminRole.Write), true),
        ("reading admin", ChannelCaller.Admin("1", AdminRole.Read), false),
        ("trusted key", ChannelCaller.ApiKey("1", ignoresPermissions: true), true),
        ("trusted user", ChannelCaller.User("ann") with { IgnoresPermissions = true }, true),
        ("owner", ChannelCaller.User("owner"), null),
        ("member", ChannelCaller.User("ann", "staff"), null),
        ("member of another group", ChannelCaller.User("ann", "others"), null),
        ("user", ChannelCaller.User("ann"), null),
        ("key", ChannelCaller.ApiKey("1"), null),
        ("reading key", ChannelCaller.ApiKey("1") with { ReadsAnonymously = true }, null),
        ("anonymous", ChannelCaller.Anonymous, null),
    ];

    [Fact]
    public async Task P7_who_may_do_what_with_an_object()
    {
        await using var host = Create();
        foreach (var owner in Enum.GetValues<ObjectPermission>())
        {
            foreach (var grouped in Enum.GetValues<ObjectPermission>())
            {
                foreach (var other in Enum.GetValues<ObjectPermission>())
                {
                    var created = await host.Channels.Objects.CreateAsync("books", new()
                    {
                        Owner = "owner",
                        OwnerPermission = owner,
                        Group = "staff",
                        GroupPermission = grouped,
                        OtherPermission = other,
                    }).Within();
                    foreach (var (name, caller, trusted) in Callers)
                    {
                        var right = trusted switch
                        {
                            true => ObjectPermission.Full,
                            false => ObjectPermission.Read,
                            null => RightOf(caller, owner, grouped, other),
                        };
                        await CheckAsync(host, $"{name} {owner}/{grouped}/{other}", caller, created.Value!.Id, right);
                    }
                }
            }
        }
    }

    [Theory]
    [InlineData(ClassPermission.None)]
    [InlineData(ClassPermission.Read)]
    [InlineData(ClassPermission.CreateObjects)]
    public async Task P7_who_may_do_what_with_a_class(ClassPermission permission)
    {
        await using var host = Create();
        await host.Channels.Objects.Classes.CreateAsync(new() { Name = "tested", Group = "staff", GroupPermission = permission }).Within();
        var open = (await host.Channels.Objects.CreateAsync("tested", new() { OtherPermission = ObjectPermission.Full }).Within()).Value!.Id;
        foreach (var (name, caller, trusted) in Callers)
        {
            var right = trusted switch
            {
                true => ClassPermission.CreateObjects,
                false => ClassPermission.Read,
                null => caller.Kind == CallerKind.User && caller.Groups.Contains("staff") ? permission : ClassPermission.None,
            };
            var objects = host.Channels.As(caller).Objects;
            var reads = right >= ClassPermission.Read ? ObjectStatus.Done : ObjectStatus.Forbidden;
            Assert.True(reads == (await objects.GetAsync("tested", open).Within()).Status, name);
            Assert.True(reads == (await objects.ListAsync("tested", new()).Within()).Status, name);
            Assert.True((reads == ObjectStatus.Done) == ((await objects.Classes.GetAsync("tested").Within()).Status == CatalogStatus.Done), name);
            var creates = right == ClassPermission.CreateObjects ? ObjectStatus.Done : ObjectStatus.Forbidden;
            Assert.True(creates == (await objects.CreateAsync("tested", new()).Within()).Status, name);
            var changes = trusted == true ? CatalogStatus.Done : CatalogStatus.Forbidden;
            Assert.True(changes == (await objects.Classes.UpdateAsync("tested", known => known).Within()).Status, name);
        }
    }

    [Theory]
    [InlineData(ChannelPermission.None, false)]
    [InlineData(ChannelPermission.Subscribe, false)]
    [InlineData(ChannelPermission.Publish, true)]
    public async Task P7_a_bound_object_needs_the_permission_to_publish(ChannelPermission permission, bool isAllowed)
    {
        await using var host = Create();
        await host.Channels.Catalog.CreateAsync(new() { Name = "news", OtherPermission = permission }).Within();
        var ann = host.Channels.As(ChannelCaller.User("ann")).Objects;
        var bound = (await host.Channels.Objects.CreateAsync("books", new("{}") { Channel = "news", OtherPermission = ObjectPermission.Full }).Within()).Value!.Id;
        var expected = isAllowed ? ObjectStatus.Done : ObjectStatus.ChannelForbidden;

        Assert.Equal(expected, (await ann.CreateAsync("books", new("{}") { Channel = "news" }).Within()).Status);
        Assert.Equal(expected, (await ann.UpdateAsync("books", bound, new("{\"title\":\"x\"}")).Within()).Status);
        Assert.Equal(expected, (await ann.DeleteAsync("books", bound).Within()).Status);
        Assert.Equal(isAllowed ? 4 : 1, (await host.Channels.ReadHistoryAsync("news").Within()).Messages.Count);
        Assert.Single((await host.Channels.Objects.ListAsync("books", new()).Within()).Objects);
    }

    [Fact]
    public async Task P7_a_caller_whose_leave_is_over_or_of_another_instance_may_nothing()
    {
        await using var host = Create();
        var open = (await host.Channels.Objects.CreateAsync("books", new() { OtherPermission = ObjectPermission.Full }).Within()).Value!.Id;
        foreach (var caller in new[]
        {
            ChannelCaller.Admin("1") with { ExpiresAt = host.Time.GetUtcNow() },
            ChannelCaller.User("ann") with { Instance = "elsewhere" },
        })
        {
            var objects = host.Channels.As(caller).Objects;
            Assert.Equal(ObjectStatus.Forbidden, (await objects.GetAsync("books", open).Within()).Status);
            Assert.Equal(ObjectStatus.Forbidden, (await objects.ListAsync("books", new()).Within()).Status);
            Assert.Equal(ObjectStatus.Forbidden, (await objects.CreateAsync("books", new("not json")).Within()).Status);
            Assert.Equal(ObjectStatus.Forbidden, (await objects.UpdateAsync("books", open, new("not json")).Within()).Status);
            Assert.Equal(ObjectStatus.Forbidden, (await objects.DeleteAsync("books", open).Within()).Status);
            Assert.Equal(CatalogStatus.Forbidden, (await objects.Classes.GetAsync("books").Within()).Status);
            Assert.Equal(CatalogStatus.Forbidden, (await objects.Classes.CreateAsync(new() { Name = "mine" }).Within()).Status);
            Assert.Equal(CatalogStatus.Forbidden, await objects.Classes.DeleteAsync("books").Within());
            Assert.Empty(await objects.Classes.ListAsync(new()).Within());
        }
    }

    [Fact]
    public async Task Only_full_rights_change_owner_group_and_permissions()
    {
        await using var host = Create();
        var id = (await host.Channels.Objects.CreateAsync("books", new() { Owner = "owner", OtherPermission = ObjectPermission.Write }).Within()).Value!.Id;
        var ann = host.Channels.As(ChannelCaller.User("ann")).Objects;
        var owner = host.Channels.As(ChannelCaller.User("owner")).Objects;

        Assert.Equal(ObjectStatus.Done, (await ann.UpdateAsync("books", id, new("{\"title\":\"x\"}") { Owner = "owner", OtherPermission = ObjectPermission.Write }).Within()).Status);
        Assert.Equal(ObjectStatus.Forbidden, (await ann.UpdateAsync("books", id, new() { Owner = "ann" }).Within()).Status);
        Assert.Equal(ObjectStatus.Forbidden, (await ann.UpdateAsync("books", id, new() { OtherPermission = ObjectPermission.Full }).Within()).Status);
        var changed = await owner.UpdateAsync("books", id, new() { Owner = "", Group = "staff", GroupPermission = ObjectPermission.Full }).Within();
        Assert.Equal((null, "staff", 2L), (changed.Value!.Owner, changed.Value.Group, changed.Value.Revision));
        Assert.Equal(ObjectStatus.Forbidden, (await owner.DeleteAsync("books", id).Within()).Status);
    }

    private static ChannelsTestHost Create() => ChannelsTestHost.Create(
        c =>
        {
        },
        o => o.Groups.Add("staff")).WithBooks();

    private static ObjectPermission RightOf(ChannelCaller caller, ObjectPermission owner, ObjectPermission grouped, ObjectPermission other)
    {
        if (caller.Kind != CallerKind.User)
        {
            // Nobody reads anonymously in a class that others may not read; this one they may.
            return !caller.ReadsAnonymously ? ObjectPermission.None : other < ObjectPermission.Read ? other : ObjectPermission.Read;
        }

        return new[]
        {
            other,
            caller.Groups.Contains("staff") ? grouped : ObjectPermission.None,
            caller.UserId == "owner" ? owner : ObjectPermission.None,
        }.Max();
    }

    private static async Task CheckAsync(ChannelsTestHost host, string what, ChannelCaller caller, long id, ObjectPermission right)
    {
        var objects = host.Channels.As(caller).Objects;
        var mayReadClass = caller.Kind is not (CallerKind.ApiKey or CallerKind.Anonymous) || caller.ReadsAnonymously || caller.IgnoresPermissions;
        Expect("read", ObjectPermission.Read, (await objects.GetAsync("books", id).Within()).Status);
        Expect("change", ObjectPermission.Write, (await objects.UpdateAsync("books", id, new("{\"reads\":{\"_increment\":1}}")).Within()).Status);
        var listed = (await objects.ListAsync("books", new() { After = id - 1, Before = id + 1 }).Within()).Objects.Count == 1;
        Assert.True(listed == (mayReadClass && right >= ObjectPermission.Read), $"{what} list");
        if (right < ObjectPermission.Full)
        {
            Expect("delete", ObjectPermission.Full, (await objects.DeleteAsync("books", id).Within()).Status);
        }

        void Expect(string operation, ObjectPermission needed, ObjectStatus actual)
        {
            var expected = !mayReadClass ? ObjectStatus.Forbidden
                : right == ObjectPermission.None ? ObjectStatus.NotFound
                : right >= needed ? ObjectStatus.Done
                : ObjectStatus.Forbidden;
            Assert.True(expected == actual, $"{what} {operation}: {actual} instead of {expected}");
        }
    }
}
