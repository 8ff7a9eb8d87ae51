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

    private static int Count(System.Text.Json.JsonElement frame)
    {
        Assert.Equal("pusher_internal:subscription_count", frame.Event());
        return frame.Data().GetProperty("subscription_count").GetInt32();
    }
}
