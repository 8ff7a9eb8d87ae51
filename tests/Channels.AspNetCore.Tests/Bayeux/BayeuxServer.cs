using System.Diagnostics.Metrics;
using System.Text.Json;
using Channels.AspNetCore.Bayeux;
using Channels.AspNetCore.Tests.Support;
using Channels.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Channels.AspNetCore.Tests.Bayeux;

/// <summary>A server with the Bayeux front end and the native one. Guests are admitted unless the options say otherwise.</summary>
internal class BayeuxServer(Action<BayeuxOptions>? configure, Action<IServiceCollection>? services) : TestServer
{
    public const string Url = "/v2/channel/subscribe";

    public static Task<BayeuxServer> StartAsync(Action<BayeuxOptions>? configure = null, Action<IServiceCollection>? services = null) =>
        StartAsync(new BayeuxServer(configure, services));

    protected static async Task<TServer> StartAsync<TServer>(TServer server)
        where TServer : BayeuxServer
    {
        await server.InitializeAsync();
        server.Sessions = new(server.Services.GetRequiredService<IMeterFactory>());
        return server;
    }

    public static string Handshake(bool ack = false, string ext = "") =>
        $$"""[{"id":"1","channel":"/meta/handshake","version":"1.0","supportedConnectionTypes":["websocket","long-polling"],"ext":{ "ack":{{(ack ? "true" : "false")}}{{ext}} } }]""";

    /// <summary>Sends messages by long-polling.</summary>
    public Task<Answer> SendAsync(string json, string suffix = "/") => SendAsync("POST", Url + suffix, key: null, json: json);

    /// <summary>Sends messages and reads the array that answers.</summary>
    public async Task<JsonElement[]> ExchangeAsync(string json) => [.. (await SendAsync(json)).Expect(200).Json.EnumerateArray()];

    /// <summary>Opens a session by long-polling and connects it for the first time.</summary>
    public async Task<PollingClient> ConnectAsync(bool ack = false, string ext = "")
    {
        var client = await OpenAsync(ack, ext);
        await client.ConnectNowAsync();
        return client;
    }

    /// <summary>Opens a session by long-polling.</summary>
    public async Task<PollingClient> OpenAsync(bool ack = false, string ext = "")
    {
        var reply = Assert.Single(await ExchangeAsync(Handshake(ack, ext)));
        Assert.True(reply.GetProperty("successful").GetBoolean(), reply.ToString());
        return new(this, reply.GetProperty("clientId").GetString()!);
    }

    /// <summary>Its sessions and held connects.</summary>
    public SessionCounts Sessions { get; private set; } = null!;

    /// <summary>How many messages wait for clients.</summary>
    public long Waiting => Connections.List(new()).Connections.Sum(connection => connection.Queue.Messages);

    public Task UntilAsync(Func<bool> condition) => ChannelsTestHost.EventuallyAsync(condition);

    public Task<SocketClient> OpenSocketAsync(bool ack = false) => SocketClient.OpenAsync(this, ack);

    protected override void AddServices(WebApplicationBuilder builder, IChannelsBuilder channels)
    {
        services?.Invoke(builder.Services);
        channels.AddBayeux(options =>
        {
            options.Instance = Keys.Instance;
            options.AuthorizationRequired = false;
            configure?.Invoke(options);
        });
    }

    protected override void ConfigureEngine(ChannelsOptions options)
    {
        base.ConfigureEngine(options);
        options.Users[0].Tokens.Add("alice-token");
        options.Users[1].Tokens.Add("bob-token");
        options.Keys.Add(new() { Id = "project", Secret = "project-token-00000", Instance = Keys.Instance });
        options.Keys.Add(new() { Id = "stranger", Secret = "stranger-token-0000", Instance = Keys.Instance });
    }

    protected override void Map(WebApplication app)
    {
        app.MapChannelEndpoints();
        app.MapBayeuxEndpoints();
    }
}
