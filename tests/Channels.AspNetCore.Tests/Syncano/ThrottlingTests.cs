using Channels.AspNetCore.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Channels.AspNetCore.Tests.Syncano;

/// <summary>The limits of the original service. Source: docs/protocols/syncano.md#throttling</summary>
public sealed class ThrottlingTests : TestServer
{
    [Fact]
    public async Task Requests_of_an_instance_share_sixty_a_second_and_polls_have_their_own()
    {
        await CreateAsync("chat", ChannelPermission.Subscribe);
        await PublishAsync("chat", "1");
        for (var i = 0; i < 60; i++)
        {
            (await GetAsync("channels/chat/")).Expect(200);
        }

        var refused = await GetAsync("channels/chat/", Keys.Api, Keys.Alice);

        refused.Expect(429, """{"detail":"Request was throttled. Expected available in 1 second."}""");
        Assert.Equal("1", refused.Header("Retry-After"));
        (await GetAsync("channels/chat/poll/?last_id=1")).Expect(200);
        (await SendAsync("GET", $"/v1.1/instances/{Keys.OtherInstance}/channels/")).Expect(200);
        Time.Advance(TimeSpan.FromSeconds(1));
        (await GetAsync("channels/chat/")).Expect(200);
    }

    [Fact]
    public async Task Callers_without_a_key_have_ten_a_second_for_each_network_address()
    {
        for (var i = 0; i < 10; i++)
        {
            (await GetAsync("channels/", key: null)).Expect(403);
        }

        var refused = (await GetAsync("channels/", key: null)).Expect(429);
        Assert.Equal("1", refused.Header("Retry-After"));
        (await GetAsync("channels/")).Expect(200);
        Time.Advance(TimeSpan.FromSeconds(1));
        (await GetAsync("channels/", key: null)).Expect(403);
    }

    protected override void AddServices(WebApplicationBuilder builder, IChannelsBuilder channels) => channels.AddSyncanoLimits();
}
