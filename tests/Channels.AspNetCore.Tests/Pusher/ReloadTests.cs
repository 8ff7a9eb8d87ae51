using System.Net.WebSockets;
using Channels.AspNetCore.Pusher;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

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

    private static async Task<Server> StartAsync()
    {
        var server = new Server();
        await server.InitializeAsync();
        return server;
    }

    private static async Task AssertClosedAsync(PusherTestClient client, int code)
    {
        Assert.Contains($"\"code\":{code}", await client.ReadTextAsync(), StringComparison.Ordinal);
        Assert.Null(await client.ReadTextAsync());
        Assert.Equal((WebSocketCloseStatus)code, client.CloseStatus);
    }

    private sealed class Server : PusherTestServer, IOptionsChangeTokenSource<PusherOptions>
    {
        private readonly List<Action<IList<PusherAppOptions>>> _changes = [];
        private CancellationTokenSource _changed = new();

        public string Name => Options.DefaultName;

        public IChangeToken GetChangeToken() => new CancellationChangeToken(_changed.Token);

        /// <summary>Changes the apps as a reloaded configuration does.</summary>
        public void Change(Action<IList<PusherAppOptions>> change)
        {
            _changes.Add(change);
            var changed = _changed;
            _changed = new();
            changed.Cancel();
            changed.Dispose();
        }

        protected override void AddServices(WebApplicationBuilder builder, IChannelsBuilder channels)
        {
            base.AddServices(builder, channels);
            builder.Services.AddSingleton<IOptionsChangeTokenSource<PusherOptions>>(this);
            builder.Services.PostConfigure<PusherOptions>(options => _changes.ForEach(change => change(options.Apps)));
        }
    }
}
