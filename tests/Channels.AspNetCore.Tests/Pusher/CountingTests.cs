using Channels.AspNetCore.Tests.Support;

namespace Channels.AspNetCore.Tests.Pusher;

public sealed class CountingTests : IAsyncLifetime
{
    private readonly PusherTestServer _server = new() { Configure = options => options.Apps[0].SubscriptionCounting = true };

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Subscribers_are_told_how_many_they_are()
    {
        using var one = await _server.ConnectAsync();
        await one.SubscribeAsync("counted");
        Assert.Equal(
            """{"event":"pusher_internal:subscription_count","channel":"counted","data":"{\"subscription_count\":1}"}""", await one.ReadTextAsync());
        var two = await _server.ConnectAsync();
        await two.SubscribeAsync("counted");
        Assert.Equal(2, Count(await one.ReadAsync()));
        Assert.Equal(2, Count(await two.ReadAsync()));
        await two.UnsubscribeAsync("counted");
        Assert.Equal(1, Count(await one.ReadAsync()));
        await two.SubscribeAsync("counted");
        Assert.Equal(2, Count(await one.ReadAsync()));
        await two.CloseAsync();
        Assert.Equal(1, Count(await one.ReadAsync()));
        await one.SubscribeAsync("presence-uncounted");
        Assert.Empty(await one.SettleAsync());
    }

    [Fact]
    public async Task Many_subscribers_are_told_every_five_seconds()
    {
        var clients = new List<PusherTestClient>();
        for (var i = 0; i < 100; i++)
        {
            clients.Add(await _server.ConnectAsync());
            await clients[i].SubscribeAsync("crowd");
        }

        var last = clients[99];
        Assert.Equal(100, Count(await last.ReadAsync()));
        for (var i = 100; i < 103; i++)
        {
            clients.Add(await _server.ConnectAsync());
            await clients[i].SubscribeAsync("crowd");
        }

        Assert.Empty(await last.SettleAsync());
        _server.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(103, Count(await last.ReadAsync()));
        Assert.Empty(await last.SettleAsync());
        clients.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task Who_comes_and_goes_by_another_front_end_is_counted_at_once()
    {
        await _server.CreateAsync("shared", ChannelPermission.Subscribe);
        using var client = await _server.ConnectAsync();
        await client.SubscribeAsync("shared");
        Assert.Equal(1, Count(await client.ReadAsync()));

        var native = await _server.ConnectAsync($"stream/?channel=shared&api_key={Keys.Api}&user_key={Keys.Bob}", []);
        Assert.Equal(2, Count(await client.ReadAsync()));
        using (await _server.ListenAsync($"stream/?channel=shared&api_key={Keys.Api}&user_key={Keys.Bob}"))
        {
            Assert.Equal(3, Count(await client.ReadAsync()));
        }

        Assert.Equal(2, Count(await client.ReadAsync()));
        await native.CloseAsync();
        Assert.Equal(1, Count(await client.ReadAsync()));
        Assert.Empty(await client.SettleAsync());
        native.Dispose();
    }

    [Fact]
    public async Task A_crowd_of_another_front_end_is_told_every_five_seconds_too()
    {
        using var client = await _server.ConnectAsync();
        await client.SubscribeAsync("full");
        Assert.Equal(1, Count(await client.ReadAsync()));
        var natives = new List<IChannelConnection>();
        for (var i = 2; i <= 100; i++)
        {
            natives.Add(await SubscribeAsync("full"));
            Assert.Equal(i, Count(await client.ReadAsync()));
        }

        natives.Add(await SubscribeAsync("full"));
        Assert.Empty(await client.SettleAsync());
        _server.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(101, Count(await client.ReadAsync()));

        // Down to few again, each is told.
        await natives[0].DisposeAsync();
        Assert.Equal(100, Count(await client.ReadAsync()));
        await natives[1].DisposeAsync();
        Assert.Equal(99, Count(await client.ReadAsync()));
        foreach (var native in natives[2..])
        {
            await native.DisposeAsync();
        }
    }

    private async Task<IChannelConnection> SubscribeAsync(string channel)
    {
        var connection = _server.Connections.TryOpen(new() { Protocol = "native", Caller = ChannelCaller.Host })!;
        Assert.Equal(AccessStatus.Allowed, (await connection.SubscribeAsync(new ChannelAddress(channel, null, Keys.Instance)).AsTask().Within()).Access);
        return connection;
    }

    private static int Count(System.Text.Json.JsonElement frame)
    {
        Assert.Equal("pusher_internal:subscription_count", frame.Event());
        return frame.Data().GetProperty("subscription_count").GetInt32();
    }
}
