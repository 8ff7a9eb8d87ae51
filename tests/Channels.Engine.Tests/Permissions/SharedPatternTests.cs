using Channels.Testing;
using Channels.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace Channels.Engine.Tests.Permissions;

/// <summary>Front ends that each bring a template for the same names.</summary>
public sealed class SharedPatternTests
{
    [Fact]
    public async Task Each_front_end_sees_its_own_template_of_a_shared_pattern()
    {
        await using var host = ChannelsTestHost.Create(c => c
            .AddChannel("*", t => t.OnlyThrough("one").Others(ChannelPermission.Subscribe))
            .AddChannel("*", t => t.OnlyThrough("two").Allow(ChannelOperations.All, _ => true).ClientsMayPublish()));

        Assert.Equal(PublishStatus.Forbidden, await PublishAsync(host, ChannelCaller.User("ann") with { FrontEnd = "one" }));
        Assert.Equal(PublishStatus.Published, await PublishAsync(host, ChannelCaller.Anonymous with { FrontEnd = "two" }));
        Assert.Equal(PublishStatus.NotFound, await PublishAsync(host, ChannelCaller.User("ann") with { FrontEnd = "three" }));
        Assert.Equal(PublishStatus.Published, await PublishAsync(host, ChannelCaller.Admin("1") with { FrontEnd = "three" }));
        Assert.Equal(AccessStatus.Allowed, await ReadAsync(host, "one"));
        Assert.Equal(AccessStatus.NotFound, await ReadAsync(host, "three"));
    }

    [Fact]
    public async Task A_trusted_caller_finds_no_channel_in_a_name_that_only_another_front_end_sees()
    {
        await using var host = ChannelsTestHost.Create(c => c.AddChannel("*", t => t.OnlyThrough("one")));

        Assert.Equal(CatalogStatus.Done, await FindAsync(host.Channels));
        Assert.Equal(CatalogStatus.Done, await FindAsync(host.Channels.As(ChannelCaller.Admin("1") with { FrontEnd = "one" })));
        Assert.Equal(CatalogStatus.NotFound, await FindAsync(host.Channels.As(ChannelCaller.Admin("1") with { FrontEnd = "two" })));
        await host.Channels.Catalog.CreateAsync(new() { Name = "any/name" }).Within();
        Assert.Equal(CatalogStatus.Done, await FindAsync(host.Channels.As(ChannelCaller.Admin("1") with { FrontEnd = "two" })));

        static async Task<CatalogStatus> FindAsync(IChannels channels) => (await channels.Catalog.GetAsync("any/name").Within()).Status;
    }

    [Fact]
    public void A_pattern_is_shared_only_by_different_front_ends_that_agree_on_the_facts()
    {
        Refuses(c => c.AddChannel("*", t => t.OnlyThrough("one")).AddChannel("*", t => t.OnlyThrough("one", "two")));
        Refuses(c => c.AddChannel("*", t => t.OnlyThrough("one")).AddChannel("*"));
        Refuses(c => c.AddChannel("*", t => t.OnlyThrough("one").Transient()).AddChannel("*", t => t.OnlyThrough("two")));
        Refuses(c => c.AddChannel("*", t => t.OnlyThrough("one").Retain(count: 1)).AddChannel("*", t => t.OnlyThrough("two")));
    }

    [Fact]
    public async Task An_anonymous_caller_publishes_where_everybody_may_only_if_its_front_end_says_so()
    {
        await using var host = ChannelsTestHost.Create(c => c.AddChannel("open", t => t.Others(ChannelPermission.Publish).ClientsMayPublish()));
        var anonymous = ChannelCaller.Anonymous with { ReadsAnonymously = true };

        Assert.Equal(PublishStatus.Forbidden, (await host.Channels.As(anonymous).TryPublishAsync("open", new("1")).Within()).Status);
        Assert.Equal(
            PublishStatus.Published,
            (await host.Channels.As(anonymous with { PublishesAnonymously = true }).TryPublishAsync("open", new("1")).Within()).Status);
    }

    private static async Task<PublishStatus> PublishAsync(ChannelsTestHost host, ChannelCaller caller) =>
        (await host.Channels.As(caller).TryPublishAsync("any/name", new("1")).Within()).Status;

    private static Task<AccessStatus> ReadAsync(ChannelsTestHost host, string frontEnd) =>
        host.Channels.As(ChannelCaller.User("ann") with { FrontEnd = frontEnd }).CheckAccessAsync("any/name", ChannelOperations.Subscribe).Within();

    private static void Refuses(Action<IChannelsBuilder> configure)
    {
        var exception = Assert.Throws<InvalidOperationException>(() => ChannelsTestHost.Create(configure).Channels);
        Assert.Contains("'*'", exception.Message, StringComparison.Ordinal);
    }
}
