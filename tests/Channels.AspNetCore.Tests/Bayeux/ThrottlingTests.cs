using Channels.AspNetCore.Bayeux;
using Microsoft.Extensions.DependencyInjection;

namespace Channels.AspNetCore.Tests.Bayeux;

/// <summary>The engine's limits in the words of this wire. Source: docs/protocols/bayeux.md#errors</summary>
public sealed class ThrottlingTests
{
    [Fact]
    public async Task One_publish_and_one_subscription_more_than_permitted_are_throttled()
    {
        await using var server = await BayeuxServer.StartAsync(services: services => services.Configure<ChannelsOptions>(options =>
        {
            options.Limits[ChannelLimits.Publish] = new() { Permits = 2, Period = TimeSpan.FromSeconds(10) };
            options.Limits[ChannelLimits.Subscribe] = new() { Permits = 1, Period = TimeSpan.FromSeconds(10) };
        }));
        var client = await server.ConnectAsync();

        await client.SubscribeAsync("/x");
        Replies.Failed(await client.SendAsync("/meta/subscribe", "\"subscription\":\"/y\""), "429::throttled");
        Replies.Succeeded(await client.PublishAsync("/x", "1"));
        Replies.Succeeded(await client.PublishAsync("/x", "2"));
        Replies.Failed(await client.PublishAsync("/x", "3"), "429::throttled");
        var rest = (await server.SendAsync("POST", "/v2/channel/publish/x", key: null, json: "{}")).Expect(429);
        Assert.True(int.Parse(rest.Header("Retry-After")!, System.Globalization.CultureInfo.InvariantCulture) > 0);
    }

    [Fact]
    public async Task One_handshake_more_than_permitted_is_told_to_come_back_later_and_disturbs_no_session()
    {
        await using var server = await BayeuxServer.StartAsync(services: services => services.Configure<ChannelsOptions>(options =>
            options.Limits[BayeuxDefaults.HandshakeLimit] = new() { Kind = LimitKind.FixedWindow, Scope = LimitScope.Remote, Permits = 2, Period = TimeSpan.FromSeconds(5) }));
        using var socket = await server.OpenSocketAsync();
        var client = await server.ConnectAsync();

        var refused = Replies.Failed(Assert.Single(await server.ExchangeAsync(BayeuxServer.Handshake())), "429::throttled");
        Assert.Equal("""{"reconnect":"handshake","interval":5000}""", refused.GetProperty("advice").GetRawText());
        Assert.False(refused.TryGetProperty("clientId", out _));
        Replies.Succeeded(await client.PublishAsync("/x", "1"));

        server.Time.Advance(TimeSpan.FromSeconds(5));
        await server.OpenAsync();
    }
}
