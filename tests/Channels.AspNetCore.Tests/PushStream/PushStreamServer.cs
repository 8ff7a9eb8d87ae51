using System.Net.WebSockets;
using System.Text.Json;
using Channels.AspNetCore.PushStream;
using Channels.AspNetCore.Tests.Support;
using Channels.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Channels.AspNetCore.Tests.PushStream;

/// <summary>A server with push streams beside the native surface. Alice's token is good for the Dashly application 100, Bob's for none.</summary>
internal sealed class PushStreamServer(Action<PushStreamOptions>? configure = null, int? limits = null, bool isOverloaded = false) : TestServer
{
    public const string Alice = "alice-token";
    public const string Bob = "bob-token";

    private static readonly string[] Separators = ["\r\n"];

    private readonly Reload _reload = new();
    private bool _withoutTokens;

    public static async Task<PushStreamServer> StartAsync(Action<PushStreamOptions>? configure = null)
    {
        var server = new PushStreamServer(configure);
        await server.InitializeAsync();
        return server;
    }

    /// <summary>The objects of a body.</summary>
    public static IReadOnlyList<JsonElement> Objects(string body) =>
        [.. body.Split(Separators, StringSplitOptions.None).Select(text => JsonDocument.Parse(text).RootElement)];

    public static long[] Ids(string body) => [.. Objects(body).Select(message => message.GetProperty("id").GetInt64())];

    public Task<Answer> AskAsync(string path, params (string Name, string Value)[] headers) =>
        SendAsync("GET", WithToken(path), key: null, headers: headers);

    public Task<ClientWebSocket> OpenAsync(string path, params (string Name, string Value)[] headers) => ConnectAsync(WithToken(path), headers);

    public Task<EventReader> FollowAsync(string path, params (string Name, string Value)[] headers) => ListenAsync(WithToken(path), headers);

    /// <summary>Sends a long poll and waits until it is parked, which shows in the subscriptions of the address.</summary>
    public async Task<Task<Answer>> ParkAsync(string path, params (string Name, string Value)[] headers)
    {
        var parked = Parked.Value;
        var poll = AskAsync(path, headers);
        await ChannelsTestHost.EventuallyAsync(() => Parked.Value > parked || poll.IsCompleted);
        return poll;
    }

    /// <summary>How many polls wait.</summary>
    public ParkedPolls Parked { get; } = new();

    /// <summary>Takes all tokens away.</summary>
    public void Revoke()
    {
        _withoutTokens = true;
        _reload.Fire();
    }

    protected override void ConfigureEngine(ChannelsOptions options)
    {
        Keys.Add(options);
        if (limits is { } permits)
        {
            options.Limits[PushStreamDefaults.RequestLimit] = new() { Kind = LimitKind.FixedWindow, Permits = permits, Period = TimeSpan.FromMinutes(1), Scope = LimitScope.User };
        }

        if (!_withoutTokens)
        {
            options.Users[0].Tokens.Add(Alice);
            options.Users[1].Tokens.Add(Bob);
        }
    }

    protected override void AddServices(WebApplicationBuilder builder, IChannelsBuilder channels)
    {
        builder.Services.AddSingleton<IOptionsChangeTokenSource<ChannelsOptions>>(_reload);
        Parked.Attach(builder.Services);
        if (isOverloaded)
        {
            builder.Services.AddSingleton<IChannelLoad>(new Overload());
        }

        channels
            .AddPushStream(options =>
            {
                options.Instance = Keys.Instance;
                configure?.Invoke(options);
            })
            .AddDashly(options => options.Apps.Add(new() { Id = "100", Users = { "1" } }))
            .AddChannel("open-*", channel => channel.Others(ChannelPermission.Subscribe).ClientsMayPublish())
            .AddChannel("rooms", channel => channel.SeparateRooms().Others(ChannelPermission.Subscribe))
            .AddChannel("closed-{name}");
    }

    protected override void Map(WebApplication app)
    {
        app.MapChannelEndpoints();
        app.MapPushStreamEndpoints();
    }

    private static string WithToken(string path) =>
        path.Contains("auth_token", StringComparison.Ordinal) ? path : $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}auth_token={Alice}";

    private sealed class Reload : IOptionsChangeTokenSource<ChannelsOptions>
    {
        private ConfigurationReloadToken _token = new();

        public string Name => Options.DefaultName;

        public IChangeToken GetChangeToken() => _token;

        public void Fire() => Interlocked.Exchange(ref _token, new()).OnReload();
    }

    private sealed class Overload : IChannelLoad
    {
        public bool IsOverloaded => true;

        public double Level => 1;
    }
}
