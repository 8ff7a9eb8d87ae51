using Channels.Testing;
using Channels.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace Channels.Engine.Tests.Permissions;

/// <summary>Every kind of caller against every operation, permission, group, grant and visibility; compared with the matrix as it is written.</summary>
public sealed class PermissionMatrixTests
{
    private static readonly ChannelPermission[] Permissions = [ChannelPermission.None, ChannelPermission.Subscribe, ChannelPermission.Publish];

    private static readonly ChannelOperations[] Operations =
        [ChannelOperations.Subscribe, ChannelOperations.History, ChannelOperations.Presence, ChannelOperations.Publish];

    private static readonly (string Name, ChannelCaller Caller)[] Callers =
    [
        ("host", ChannelCaller.Host),
        ("reading admin", ChannelCaller.Admin("1", AdminRole.Read)),
        ("writing admin", ChannelCaller.Admin("1", AdminRole.Write)),
        ("owner", ChannelCaller.Admin("1")),
        ("key", ChannelCaller.ApiKey("1")),
        ("trusted key", ChannelCaller.ApiKey("1", ignoresPermissions: true)),
        ("reading key", ChannelCaller.ApiKey("1") with { ReadsAnonymously = true }),
        ("user", ChannelCaller.User("ann")),
        ("member", ChannelCaller.User("ann", "staff")),
        ("member of another group", ChannelCaller.User("ann", "others")),
        ("trusted user", ChannelCaller.User("ann") with { IgnoresPermissions = true }),
        ("anonymous", ChannelCaller.Anonymous),
        ("reading anonymous", ChannelCaller.Anonymous with { ReadsAnonymously = true }),
    ];

    public static TheoryData<ChannelPermission, ChannelPermission> Descriptors =>
        [.. from other in Permissions from grouped in Permissions select (other, grouped)];

    [Theory]
    [MemberData(nameof(Descriptors))]
    public async Task P7_who_may_do_what(ChannelPermission other, ChannelPermission grouped)
    {
        await using var host = ChannelsTestHost.Create(c => c
            .AddChannel("open", t => Describe(t, other, grouped))
            .AddChannel("hidden", t => Describe(t, other, grouped).OnlyThrough("pusher"))
            .AddChannel("granted", t => Describe(t, other, grouped).NeedsGrant()));
        foreach (var channel in new[] { "open", "hidden", "granted" })
        {
            foreach (var (name, caller) in Callers)
            {
                foreach (var variant in VariantsOf(caller, channel, host.Time.GetUtcNow()))
                {
                    foreach (var operation in Operations)
                    {
                        var expected = Expect(variant, channel, operation, other, grouped, host.Time.GetUtcNow());
                        var actual = await host.Channels.As(variant).CheckAccessAsync(channel, operation).Within();
                        Assert.True(expected == actual, $"{name} {operation} {channel} {variant}: {actual} instead of {expected}");
                    }
                }
            }
        }
    }

    [Fact]
    public async Task P7_every_operation_asks_before_it_does_anything()
    {
        await using var host = ChannelsTestHost.Create(c => c.AddChannel("closed", t => t.ClientsMayPublish()).AddChannel("quiet", t => t.Others(ChannelPermission.Publish)));
        var ann = host.Channels.As(ChannelCaller.User("ann"));
        await host.Channels.PublishAsync("closed", new("1")).Within();
        await using var connection = host.Connections.TryOpen(new() { Protocol = "test", Caller = ChannelCaller.User("ann") })!;

        Assert.Equal(PublishStatus.Forbidden, (await ann.TryPublishAsync("closed", new("not json")).Within()).Status);
        Assert.Equal(PublishStatus.ClientPublishDisabled, (await ann.TryPublishAsync("quiet", new("not json")).Within()).Status);
        Assert.Equal(PublishStatus.NotFound, (await ann.TryPublishAsync("nowhere", new("not json")).Within()).Status);
        Assert.Equal(AccessStatus.Forbidden, (await ann.PollAsync("closed", MessageCursor.Beginning).Within()).Access);
        Assert.Equal(AccessStatus.Forbidden, (await ann.ReadHistoryAsync("closed").Within()).Status);
        Assert.Empty((await ann.ReadHistoryAsync("closed").Within()).Messages);
        Assert.Equal(AccessStatus.Forbidden, (await connection.SubscribeAsync("closed", SubscribeFrom.Oldest).Within()).Access);
        Assert.Equal(CatalogStatus.Forbidden, (await ann.Catalog.CreateAsync(new() { Name = "mine" }).Within()).Status);
        Assert.Equal(CatalogStatus.Forbidden, await ann.Catalog.DeleteAsync("closed").Within());
        Assert.Single((await host.Channels.ReadHistoryAsync("closed").Within()).Messages);
    }

    [Fact]
    public async Task P7_a_caller_of_another_instance_may_nothing()
    {
        await using var host = ChannelsTestHost.Create(
            c => c.AddChannel("open", t => t.Others(ChannelPermission.Publish).ClientsMayPublish()),
            o =>
            {
                o.Instances.Add("default");
                o.Instances.Add("second");
            });
        var caller = ChannelCaller.User("ann") with { Instance = "second" };

        Assert.Equal(AccessStatus.Forbidden, await host.Channels.As(caller).CheckAccessAsync("open", ChannelOperations.Subscribe).Within());
        Assert.Equal(AccessStatus.Allowed, await host.Channels.As(caller).In("second").CheckAccessAsync("open", ChannelOperations.Subscribe).Within());
        Assert.Equal(AccessStatus.InstanceNotFound, await host.Channels.In("third").CheckAccessAsync("open", ChannelOperations.Subscribe).Within());
        Assert.Equal(PublishStatus.InstanceNotFound, (await host.Channels.In("third").TryPublishAsync("open", new()).Within()).Status);
    }

    private static ChannelTemplateBuilder Describe(ChannelTemplateBuilder template, ChannelPermission other, ChannelPermission grouped) =>
        template.Others(other).Group("staff", grouped).ClientsMayPublish();

    private static IEnumerable<ChannelCaller> VariantsOf(ChannelCaller caller, string channel, DateTimeOffset now)
    {
        foreach (var frontEnd in new[] { null, "pusher", "syncano" })
        {
            yield return caller with { FrontEnd = frontEnd };
            yield return caller with { FrontEnd = frontEnd, Grants = [new(channel, ChannelOperations.Read)] };
            yield return caller with { FrontEnd = frontEnd, Grants = [new("other", ChannelOperations.All), new(channel, ChannelOperations.Publish)] };
            yield return caller with { FrontEnd = frontEnd, Grants = [new(new(channel, "room"), ChannelOperations.All)] };
            yield return caller with { FrontEnd = frontEnd, ExpiresAt = now, Grants = [new(channel, ChannelOperations.All)] };
            yield return caller with { FrontEnd = frontEnd, ExpiresAt = now + TimeSpan.FromTicks(1) };
        }
    }

    private static AccessStatus Expect(
        ChannelCaller caller, string channel, ChannelOperations operation, ChannelPermission other, ChannelPermission grouped, DateTimeOffset now)
    {
        var publishes = operation == ChannelOperations.Publish;
        if (caller.Kind == CallerKind.Host)
        {
            return AccessStatus.Allowed;
        }

        if (caller.ExpiresAt <= now)
        {
            return AccessStatus.Forbidden;
        }

        if (caller.Grants.Any(grant => grant.Address == channel && grant.Operations.HasFlag(operation)))
        {
            return AccessStatus.Allowed;
        }

        if (caller.Kind == CallerKind.Admin || caller.IgnoresPermissions)
        {
            return publishes && caller.Kind == CallerKind.Admin && caller.Role == AdminRole.Read ? AccessStatus.Forbidden : AccessStatus.Allowed;
        }

        if (channel == "hidden" && caller.FrontEnd is not (null or "pusher"))
        {
            return AccessStatus.NotFound;
        }

        var has = caller.Kind == CallerKind.User ? (ChannelPermission)Math.Max((int)other, caller.Groups.Contains("staff") ? (int)grouped : 0)
            : caller.ReadsAnonymously && !publishes ? other
            : ChannelPermission.None;
        return channel != "granted" && has >= (publishes ? ChannelPermission.Publish : ChannelPermission.Subscribe)
            ? AccessStatus.Allowed
            : AccessStatus.Forbidden;
    }
}
