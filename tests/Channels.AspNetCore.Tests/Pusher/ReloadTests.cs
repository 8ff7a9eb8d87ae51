using System.Net.WebSockets;

namespace Channels.AspNetCore.Tests.Pusher;

/// <summary>Apps that change while their clients are connected.</summary>
public sealed class ReloadTests
{
    [Fact]
    public async Task A_removed_app_ends_its_clients_and_no_others()
    {
        await using var server = await StartAsync();
        using var client = await server.ConnectAsync();
        using var other = await server.ConnectAsync(PusherTestServer.PlainKey);

        server.Change(apps => apps.Remove(apps.Single(app => app.Key == PusherTestServer.Key)));

        await AssertClosedAsync(client, 4001);
        Assert.Empty(await other.SettleAsync());
    }

    [Fact]
    public async Task An_app_that_is_switched_off_ends_its_clients()
    {
        await using var server = await StartAsync();
        using var client = await server.ConnectAsync();

        server.Change(apps => apps.Single(app => app.Key == PusherTestServer.Key).Disabled = true);

        await AssertClosedAsync(client, 4003);
    }

    [Fact]
    public async Task A_withdrawn_secret_lets_clients_authorize_anew_and_an_added_one_disturbs_nobody()
    {
        const string Next = "another-secret";
        await using var server = await StartAsync();
        using var client = await server.ConnectAsync();

        server.Change(apps => apps.Single(app => app.Key == PusherTestServer.Key).NextSecret = Next);
        Assert.Empty(await client.SettleAsync());

        server.Change(apps =>
        {
            var app = apps.Single(app => app.Key == PusherTestServer.Key);
            (app.Secret, app.NextSecret) = (Next, null);
        });
        await AssertClosedAsync(client, 4200);
        using var again = await server.ConnectAsync();
    }

    [Fact]
    public async Task Another_rate_of_client_events_holds_at_once()
    {
        await using var server = await StartAsync();
        using var client = await server.ConnectAsync();
        await client.SubscribeAsync("private-rate");
        Assert.Equal(2, await CountRefusedAsync(client, 12));

        server.Change(apps => apps.Single(app => app.Key == PusherTestServer.Key).Limits.ClientEventsPerSecond = 3);
        Assert.Equal(9, await CountRefusedAsync(client, 12));

        server.Change(apps => apps.Single(app => app.Key == PusherTestServer.Key).Limits.ClientEventsPerSecond = 20);
        Assert.Equal(1, await CountRefusedAsync(client, 21));
    }

    private static async Task<int> CountRefusedAsync(PusherTestClient client, int events)
    {
        for (var i = 0; i < events; i++)
        {
            await client.SendAsync("""{"event":"client-e","channel":"private-rate","data":1}""");
        }

        var refusals = await client.SettleAsync();
        Assert.All(refusals, refusal => Assert.Equal(4301, refusal.Data().GetProperty("code").GetInt32()));
        return refusals.Count;
    }

    private static async Task<ReloadableServer> StartAsync()
    {
        var server = new ReloadableServer();
        await server.InitializeAsync();
        return server;
    }

    private static async Task AssertClosedAsync(PusherTestClient client, int code)
    {
        Assert.Contains($"\"code\":{code}", await client.ReadTextAsync(), StringComparison.Ordinal);
        Assert.Null(await client.ReadTextAsync());
        Assert.Equal((WebSocketCloseStatus)code, client.CloseStatus);
    }
}
