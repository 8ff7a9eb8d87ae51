using Channels.Testing;
using Channels.TestSupport;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Channels.Engine.Tests.Permissions;

/// <summary>Connections on which each subscription has a caller of its own.</summary>
public sealed class SubscriptionCallerTests
{
    private const string Secret = "0123456789abcdef";

    [Fact]
    public async Task The_caller_of_a_subscription_decides_and_not_that_of_the_connection()
    {
        await using var host = ChannelsTestHost.Create(c => c.AddChannel("inbox-{user}", t => t
            .Allow(ChannelOperations.Read, rule => rule["user"] == rule.Caller.UserId)));
        await using var connection = Open(host);

        Assert.Equal(AccessStatus.Forbidden, (await connection.SubscribeAsync("inbox-ann").Within()).Access);
        Assert.Equal(AccessStatus.Allowed, (await connection.SubscribeAsync(ChannelCaller.User("ann"), "inbox-ann").Within()).Access);
        Assert.Equal(AccessStatus.Forbidden, (await connection.SubscribeAsync(ChannelCaller.User("ann"), "inbox-bob").Within()).Access);

        var message = await host.Channels.PublishAsync("inbox-ann", new()).Within();
        Assert.Equal(message.Id, (await connection.ReadAsync(1))[0].Message!.Id);
    }

    [Fact]
    public async Task A_changed_channel_is_decided_again_for_the_caller_of_the_subscription()
    {
        await using var host = ChannelsTestHost.Create(c => c.AddChannel("unused"));
        await host.Channels.Catalog.CreateAsync(new() { Name = "stored", OtherPermission = ChannelPermission.Subscribe }).Within();
        await using var connection = Open(host);
        await connection.SubscribeAsync(ChannelCaller.User("ann"), "stored").Within();

        await host.Channels.Catalog.UpdateAsync("stored", c => c with { Description = "still" }).Within();
        Assert.True(connection.IsSilent());
        await host.Channels.Catalog.UpdateAsync("stored", c => c with { OtherPermission = ChannelPermission.None }).Within();

        var ended = (await connection.ReadAsync(1))[0];
        Assert.Equal((DeliveryKind.SubscriptionEnded, AccessStatus.Forbidden), (ended.Kind, ended.Reason));
    }

    [Fact]
    public async Task A_withdrawn_key_ends_its_subscriptions_alone()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Channels:Keys:0:Id"] = "1",
            ["Channels:Keys:0:Secret"] = Secret,
            ["Channels:Keys:0:IgnoreAcl"] = "true",
        }).Build();
        await using var host = ChannelsTestHost.Create(c => c
            .AddChannel("a", t => t.Others(ChannelPermission.Subscribe))
            .AddChannel("b", t => t.Others(ChannelPermission.Subscribe))
            .AddChannel("c", t => t.Others(ChannelPermission.Subscribe))
            .Services.AddChannels(configuration.GetSection("Channels")));
        var key = (await host.Services.GetRequiredService<IChannelAuthenticator>()
            .AuthenticateAsync(new() { FrontEnd = "test", ApiKey = Secret }, default).Within()).Caller;
        await using var connection = Open(host);
        await connection.SubscribeAsync(key, "a").Within();
        await connection.SubscribeAsync(ChannelCaller.User("ann"), "b").Within();
        await connection.SubscribeAsync(key, "c").Within();
        await connection.SubscribeAsync(ChannelCaller.User("ann"), "c").Within();

        configuration["Channels:Keys:0:Id"] = "2";
        configuration.Reload();
        await host.Channels.PublishAsync("a", new()).Within();
        var still = await host.Channels.PublishAsync("b", new()).Within();
        var taken = await host.Channels.PublishAsync("c", new()).Within();

        var deliveries = await connection.ReadAsync(3);
        Assert.Equal(new Delivery(DeliveryKind.SubscriptionEnded, "a", Reason: AccessStatus.Forbidden), deliveries.Single(d => d.Address == "a"));
        Assert.Equal([still.Id, taken.Id], deliveries.Where(d => d.Kind == DeliveryKind.Message).Select(d => d.Message!.Id));
        Assert.Equal(ConnectionEnd.None, connection.End);
        Assert.Equal(AccessStatus.Forbidden, (await connection.SubscribeAsync(key, "a").Within()).Access);
    }

    private static IChannelConnection Open(ChannelsTestHost host) =>
        host.Connections.TryOpen(new() { Protocol = "test", Caller = ChannelCaller.Anonymous })!;
}
