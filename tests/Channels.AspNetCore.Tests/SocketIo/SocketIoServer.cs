using Channels.AspNetCore.SocketIo;
using Channels.AspNetCore.SocketIo.EngineIo;
using Channels.AspNetCore.SocketIo.Packets;
using Channels.AspNetCore.SocketIo.Speakap;
using Channels.AspNetCore.Tests.Support;
using Channels.SocketIo.Conformance;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Channels.AspNetCore.Tests.SocketIo;

/// <summary>The public front end at <c>/speakap</c>, and below it the rooms by themselves: an echo at <c>/engine.io</c> and namespaces at <c>/socket.io</c>.</summary>
public class SocketIoServer : TestServer
{
    public const string AliceToken = "alice-token";
    public const string BobToken = "bob-token-2";

    internal static EngineIoSettings Engine { get; } = ConformanceServers.Engine with
    {
        PingInterval = TimeSpan.FromSeconds(25),
        PingTimeout = TimeSpan.FromSeconds(20),
        MaxSessions = 300,
    };

    internal static SocketIoSettings Packets { get; } = ConformanceServers.Packets with { ConnectTimeout = TimeSpan.FromSeconds(45) };

    protected override void ConfigureEngine(ChannelsOptions options)
    {
        base.ConfigureEngine(options);
        options.Users[0].Tokens.Add(AliceToken);
        options.Users[1].Tokens.Add(BobToken);
    }

    protected override void AddServices(WebApplicationBuilder builder, IChannelsBuilder channels) => channels
        .AddChannel("open-{name}", c => c.Others(ChannelPermission.Subscribe))
        .AddSocketIo(options =>
        {
            options.Instance = Keys.Instance;
            options.AllowJsonp = true;
            Configure(options);
        });

    protected virtual void Configure(SocketIoOptions options) =>
        options.Speakap.Allow(SpeakapFamily.NetworkTimeline, request => request is { Caller.UserId: "1", Ids: ["15321edfd8000c68"] });

    private protected virtual EngineIoSettings Configure(EngineIoSettings settings) => settings;

    protected override void Map(WebApplication app)
    {
        app.MapChannelEndpoints();
        app.MapSocketIoEndpoints("/speakap");
        ConformanceServers.Map(app, Configure(Engine), Packets);
    }
}
