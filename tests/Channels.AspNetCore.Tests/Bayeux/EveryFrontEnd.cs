using Channels.AspNetCore.Tests.Pusher;
using Channels.AspNetCore.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using SpeakapClient = Channels.AspNetCore.Tests.SocketIo.SocketClient;

namespace Channels.AspNetCore.Tests.Bayeux;

/// <summary>A server with all front ends on one instance.</summary>
internal sealed class EveryFrontEnd() : BayeuxServer(configure: null, services: null)
{
    private const string SocketIo = "/speakap";
    private const string Token = "alice-token";

    // Only signs.
    private readonly PusherTestServer _signer = new();

    public static Task<EveryFrontEnd> StartAsync() => StartAsync(new EveryFrontEnd());

    public async Task<PusherTestClient> FollowByPusherAsync(string channel)
    {
        var client = new PusherTestClient(await ConnectAsync($"/app/{PusherTestServer.Key}?protocol=7&client=js&version=8.6.0"));
        await client.WelcomeAsync();
        await client.SubscribeAsync(channel);
        return client;
    }

    public async Task<SpeakapClient> FollowBySocketIoAsync(string channel)
    {
        var client = await SpeakapClient.JoinAsync(this, SocketIo);
        await client.SendAsync($$"""421["subscribe",{"channel":"{{channel}}","accessToken":"{{Token}}"}]""");
        Assert.Contains("\"ok\":true", await client.ReadAsync(), StringComparison.Ordinal);
        return client;
    }

    public Task<System.Net.WebSockets.ClientWebSocket> FollowByPushStreamAsync(string channel) => ConnectAsync($"/websocket/{channel}?auth_token={Token}");

    public async Task<System.Net.WebSockets.ClientWebSocket> FollowNativelyAsync(string channel)
    {
        var socket = await ConnectAsync($"stream/?channel={channel}&api_key={Keys.Api}&user_key={Keys.Alice}");
        Assert.Equal("ready", (await socket.ReadJsonAsync()).GetProperty("event").GetString());
        return socket;
    }

    public async Task TriggerAsync(string channel, string data)
    {
        var body = new System.Text.Json.Nodes.JsonObject { ["name"] = "order", ["channel"] = channel, ["data"] = data }.ToJsonString();
        const string Path = $"/apps/{PusherTestServer.AppId}/events";
        (await SendAsync("POST", $"{Path}?{_signer.Sign("POST", Path, body, at: Time.GetUtcNow())}", key: null, json: body)).Expect(200);
    }

    public async Task PushAsync(string channel, string data) => (await SendAsync("POST", $"/pub?id={channel}", key: null, json: data)).Expect(200);

    protected override void AddServices(WebApplicationBuilder builder, IChannelsBuilder channels)
    {
        base.AddServices(builder, channels);
        channels
            .AddPusher(options => options.Apps.Add(new()
            {
                Id = PusherTestServer.AppId,
                Key = PusherTestServer.Key,
                Secret = PusherTestServer.Secret,
                Instance = Keys.Instance,
            }))
            .AddSocketIo(options => options.Instance = Keys.Instance)
            .AddPushStream(options => options.Instance = Keys.Instance);
    }

    protected override void Map(WebApplication app)
    {
        base.Map(app);
        app.MapPusherEndpoints();
        app.MapSocketIoEndpoints(SocketIo);
        app.MapPushStreamEndpoints();
        app.MapPushStreamPublisher().AllowAnonymous();
    }
}
