using Channels.Testing;
using Channels.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace Channels.Engine.Tests.Permissions;

public sealed class TemplateTests
{
    [Theory]
    [InlineData("news", "news", true)]
    [InlineData("news", "News", false)]
    [InlineData("news", "news2", false)]
    [InlineData("inbox:{user}", "inbox:ann", true)]
    [InlineData("inbox:{user}", "inbox:", false)]
    [InlineData("inbox:{user}", "inbox:a:b", false)]
    [InlineData("inbox:{user}", "inbox:a/b", false)]
    [InlineData("inbox:{user}", "inbox:a.b", false)]
    [InlineData("inbox:{user}", "inbox:a*b", false)]
    [InlineData("inbox:{user}", "inbox:{b}", false)]
    [InlineData("{a}-{b}", "x-y-z", true)]
    [InlineData("presence-*", "presence-", false)]
    [InlineData("presence-*", "presence-a:b/c.d*{e}", true)]
    [InlineData("*", "anything/at.all", true)]
    [InlineData("{a}*", "ab", true)]
    [InlineData("{a}*", "a", false)]
    public async Task A_pattern_matches_by_its_grammar(string pattern, string name, bool matches)
    {
        await using var host = ChannelsTestHost.Create(c => c.AddChannel(pattern));

        Assert.Equal(matches ? CatalogStatus.Done : CatalogStatus.NotFound, (await host.Channels.Catalog.GetAsync(name).Within()).Status);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("}")]
    [InlineData("a}b")]
    [InlineData("{}")]
    [InlineData("{a b}")]
    [InlineData("{a}{b}")]
    [InlineData("{a}:{a}")]
    [InlineData("{a{b}}")]
    [InlineData("*a")]
    [InlineData("**")]
    [InlineData("a*b*")]
    public void A_malformed_pattern_is_refused_by_name(string pattern)
    {
        var exception = Assert.Throws<FormatException>(() => new ServiceCollection().AddChannels().AddChannel(pattern));

        Assert.Contains($"'{pattern}'", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_pattern_is_a_mistake() =>
        Assert.Throws<ArgumentException>(() => new ServiceCollection().AddChannels().AddChannel(""));

    [Theory]
    [InlineData("chat:lobby", "chat:lobby")]
    [InlineData("chat:other", "chat:{room}")]
    [InlineData("chat:a.b", "chat:*")]
    [InlineData("chat", "{any}")]
    [InlineData("x:y", "*")]
    public async Task The_most_specific_pattern_rules_in_whatever_order_they_were_added(string name, string expected)
    {
        string[] patterns = ["*", "{any}", "chat:*", "chat:{room}", "chat:lobby"];
        foreach (var order in new[] { patterns, [.. patterns.Reverse()], [.. patterns.Order()], ["chat:*", "*", "chat:lobby", "{any}", "chat:{room}"] })
        {
            await using var host = ChannelsTestHost.Create(c => Array.ForEach(order, pattern => c.AddChannel(pattern, t => t.Description(pattern))));

            Assert.Equal(expected, (await host.Channels.Catalog.GetAsync(name).Within()).Channel!.Description);
        }
    }

    [Theory]
    [InlineData("{a}", "{b}")]
    [InlineData("news", "news")]
    [InlineData("a{x}c", "a{y}c")]
    public void Patterns_that_could_tie_stop_the_host_with_both_names(string left, string right)
    {
        var exception = Assert.Throws<InvalidOperationException>(() => Resolve(left, right));
        Assert.Contains($"'{left}'", exception.Message, StringComparison.Ordinal);
        Assert.Contains($"'{right}'", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Patterns_that_never_match_the_same_name_may_be_equally_specific() => Resolve("a:{x}", "b:{x}", "c*", "d*");

    [Fact]
    public void Patterns_that_match_the_same_name_do_not_tie_where_one_has_the_first_literal()
    {
        Resolve("a:{x}", "{y}:b");
        Resolve("{z}-x", "{z}-*");
    }

    [Fact]
    public async Task A_rule_gets_what_the_placeholders_matched()
    {
        ChannelRuleContext? asked = null;
        await using var host = ChannelsTestHost.Create(c => c.AddChannel("timeline:{user}:{network}", t => t.Allow(ChannelOperations.Read, context =>
        {
            asked = context;
            return true;
        })));

        Assert.Equal(
            AccessStatus.Allowed,
            await host.Channels.As(ChannelCaller.User("ann")).CheckAccessAsync("timeline:u1:n2", ChannelOperations.History).Within());

        Assert.Equal(("u1", "n2", ChannelOperations.History, "ann"), (asked!["user"], asked["network"], asked.Operation, asked.Caller.UserId));
        Assert.Equal(new ChannelAddress("timeline:u1:n2"), asked.Address);
        Assert.Throws<KeyNotFoundException>(() => asked["other"]);
    }

    [Fact]
    public async Task P8_a_name_that_fits_in_very_many_ways_is_decided_at_once()
    {
        await using var host = ChannelsTestHost.Create(c => c.AddChannel("{a}-{b}-{c}-{d}-{e}-{f}-{g}-{h}!"));

        var looking = Task.Run(async () => await host.Channels.Catalog.GetAsync(new('-', 255)));

        Assert.Equal(CatalogStatus.NotFound, (await looking.Within()).Status);
        Assert.Equal(CatalogStatus.Done, (await host.Channels.Catalog.GetAsync($"{new string('-', 254)}!").Within()).Status);
    }

    [Fact]
    public async Task A_stored_channel_rules_over_every_template()
    {
        await using var host = ChannelsTestHost.Create(c => c.AddChannel("news", t => t.Others(ChannelPermission.Publish).ClientsMayPublish()));
        var ann = host.Channels.As(ChannelCaller.User("ann"));
        Assert.Equal(PublishStatus.Published, (await ann.TryPublishAsync("news", new()).Within()).Status);

        await host.Channels.Catalog.CreateAsync(new() { Name = "news" }).Within();
        Assert.Equal(PublishStatus.Forbidden, (await ann.TryPublishAsync("news", new()).Within()).Status);

        await host.Channels.Catalog.DeleteAsync("news").Within();
        Assert.Equal(PublishStatus.Published, (await ann.TryPublishAsync("news", new()).Within()).Status);
    }

    private static void Resolve(params string[] patterns)
    {
        var channels = new ServiceCollection().AddChannels();
        Array.ForEach(patterns, pattern => channels.AddChannel(pattern));
        using var services = channels.Services.BuildServiceProvider();
        services.GetRequiredService<IChannels>();
    }
}
