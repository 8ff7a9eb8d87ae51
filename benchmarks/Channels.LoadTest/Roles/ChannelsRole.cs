using System.Diagnostics;
using System.Diagnostics.Metrics;
using Channels.AspNetCore.PushStream;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Channels.LoadTest.Roles;

/// <summary>
/// A Channels host with the defaults: messages in memory with ids and history, permissions checked for subscribers and publishers.
/// </summary>
/// <param name="writesToSockets">Whether it writes straight to the sockets of WebSockets, which is not the default.</param>
internal sealed class ChannelsRole(bool writesToSockets) : IRole
{
    public const string ApiKey = "load-test-application-key";
    public const string UserKey = "load-test-user-key";
    public const string Token = "load-test-token";

    public const string PusherKey = "load-test-key";
    public const string PusherSecret = "load-test-secret";

    private const string UserId = "1";

    // Copied by publishing, which one publisher does one after the other.
    private readonly byte[] _payload = LoadMessage.NewPayload();
    private IChannels? _publisher;
    private IChannelConnections? _connections;
    private long _parkedPolls;

    public int Connections => _connections!.Count;

    public long ParkedPolls => Interlocked.Read(ref _parkedPolls);

    public void AddServices(WebApplicationBuilder builder)
    {
        builder.Services
            .AddChannels(options =>
            {
                options.Keys.Add(new() { Id = "1", Secret = ApiKey });
                options.Users.Add(new() { Id = UserId, Secret = UserKey, Tokens = { Token } });
            })
            .AddSocketIo()
            .AddPushStream()
            .AddPusher(options => options.Apps.Add(new() { Id = UserId, Key = PusherKey, Secret = PusherSecret }))
            .AddChannel("load-{number}", channel => channel.Others(ChannelPermission.Publish).ClientsMayPublish())
            .AddBayeux(options => options.AuthorizationRequired = false);
        builder.Services.Configure<PushStreamOptions>(options => options.PollWindow = TimeSpan.FromMinutes(5));
        builder.Services.AddSingleton(_ => CountParkedPolls());
    }

    public void Map(WebApplication app)
    {
        app.MapChannelEndpoints(options => options.WritesToSockets = writesToSockets);
        app.MapSocketIoEndpoints();
        app.MapPushStreamEndpoints();
        app.MapPusherEndpoints();
        app.MapBayeuxEndpoints();
        _publisher = app.Services.GetRequiredService<IChannels>().As(ChannelCaller.User(UserId));
        app.Services.GetRequiredService<MeterListener>().Start();
        _connections = app.Services.GetRequiredService<IChannelConnections>();
    }

    public async ValueTask PublishAsync(string address, long sequence)
    {
        LoadMessage.Stamp(_payload, sequence, Stopwatch.GetTimestamp());
        await _publisher!.PublishAsync(address, new MessageDraft(_payload.AsMemory()));
    }

    private MeterListener CountParkedPolls()
    {
        var meters = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == ChannelsDiagnostics.MeterName && instrument.Name is "channels.polls.parked" or "channels.sessions.attached")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        meters.SetMeasurementEventCallback<long>((_, change, _, _) => Interlocked.Add(ref _parkedPolls, change));
        return meters;
    }
}
