using System.Net.WebSockets;

namespace Channels.AspNetCore.Tests.Pusher;

public sealed class LivenessTests : IAsyncLifetime
{
    private readonly PusherTestServer _server = new();

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_silent_client_is_asked_and_then_closed()
    {
        using var silent = await _server.ConnectAsync();
        using var answering = await _server.ConnectAsync();
        _server.Time.Advance(TimeSpan.FromSeconds(115));
        Assert.Empty(await answering.SettleAsync());
        _server.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("""{"event":"pusher:ping","data":{}}""", await silent.ReadTextAsync());
        Assert.Empty(await answering.SettleAsync());

        _server.Time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(4201, (await silent.ReadToCloseAsync())!.Value.Data().GetProperty("code").GetInt32());
        Assert.Equal((WebSocketCloseStatus)4201, silent.CloseStatus);
        Assert.Empty(await answering.SettleAsync());
    }

    [Fact]
    public async Task An_answer_in_time_keeps_a_client()
    {
        using var client = await _server.ConnectAsync();
        for (var i = 0; i < 3; i++)
        {
            _server.Time.Advance(TimeSpan.FromSeconds(120));
            await client.ReadAsync("pusher:ping");
            _server.Time.Advance(TimeSpan.FromSeconds(25));
            await client.SendAsync("""{"event":"pusher:pong","data":{}}""");
            Assert.Empty(await client.SettleAsync());
        }
    }

    [Fact]
    public async Task A_client_must_authorize_in_time_where_that_is_required()
    {
        using var idle = await _server.ConnectAsync(PusherTestServer.GuardedKey);
        using var authorized = await _server.ConnectAsync(PusherTestServer.GuardedKey);
        await idle.SubscribeAsync("public");
        var authorizer = new AspNetCore.Pusher.PusherAuthorizer(PusherTestServer.GuardedKey, PusherTestServer.Secret);
        await authorized.RequestAsync("private-a", authorizer.AuthorizeChannel(authorized.SocketId, "private-a"));
        await authorized.ReadAsync("pusher_internal:subscription_succeeded");

        _server.Time.Advance(TimeSpan.FromSeconds(25));
        Assert.Empty(await idle.SettleAsync());
        _server.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(4009, (await idle.ReadToCloseAsync())!.Value.Data().GetProperty("code").GetInt32());
        Assert.Empty(await authorized.SettleAsync());
    }

    [Fact]
    public async Task Clients_are_sent_away_with_a_code_that_brings_them_back()
    {
        using var client = await _server.ConnectAsync();
        var draining = _server.DrainAsync();
        await client.ReadToCloseAsync();
        Assert.Equal((WebSocketCloseStatus)4200, client.CloseStatus);
        await draining.Within();
        using var late = await _server.OpenAsync($"/app/{PusherTestServer.Key}?protocol=7");
        Assert.Equal(4200, (await late.ReadToCloseAsync())!.Value.Data().GetProperty("code").GetInt32());
    }
}
