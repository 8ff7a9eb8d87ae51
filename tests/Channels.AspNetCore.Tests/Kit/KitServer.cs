using System.Diagnostics.Metrics;
using System.Net;
using Channels.AspNetCore.Connections;
using Channels.AspNetCore.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging.Abstractions;

namespace Channels.AspNetCore.Tests.Kit;

/// <summary>A server whose only front end is the wire of these tests, with a channel called <c>kit</c>.</summary>
internal sealed class KitServer : TestServer
{
    public const string Channel = "kit";

    public static readonly TimeSpan Detached = TimeSpan.FromSeconds(10);

    public int MaxSessions { get; init; } = 10;

    public int MaxQueuedFrames { get; init; } = 10_000;

    /// <summary>How connections are listened for; on a free port by default.</summary>
    public Action<ListenOptions>? Listen { get; init; }

    /// <summary>Whether sockets are written directly where that can be done.</summary>
    public bool WritesToSockets { get; init; }

    public WritePathCounter WritePaths { get; } = new();

    public SessionMetrics Metrics { get; init; } = new();

    public KitWire Wire { get; private set; } = null!;

    public SessionTable Sessions => Wire.Sessions;

    public static async Task<KitServer> StartAsync(int maxSessions = 10, int maxQueuedFrames = 10_000, IMeterFactory? meters = null)
    {
        var server = new KitServer { MaxSessions = maxSessions, MaxQueuedFrames = maxQueuedFrames, Metrics = new(meters) };
        await server.OpenChannelAsync();
        return server;
    }

    public static async Task<KitServer> StartDirectAsync(Action<ListenOptions>? listen = null, int maxQueuedFrames = 10_000)
    {
        var server = new KitServer { WritesToSockets = true, Listen = listen, MaxQueuedFrames = maxQueuedFrames };
        await server.OpenChannelAsync();
        return server;
    }

    public async Task<Session> OpenAsync(string query = "")
    {
        var answer = (await SendAsync("POST", $"/kit/sessions?{query}")).Expect(201);
        return Sessions.Find(answer.Json.GetProperty("id").GetString())!;
    }

    public Task<Answer> PollAsync(Session session, string query = "") => SendAsync("GET", $"/kit/sessions/{session.Id}/poll?{query}");

    /// <summary>Opens a streamed response and waits for its headers.</summary>
    public async Task<StreamReading> StreamAsync(Session session) => await StreamReading.OpenAsync(
        await Http.GetAsync($"/kit/sessions/{session.Id}/stream", HttpCompletionOption.ResponseHeadersRead).Within());

    /// <summary>Sends a poll and waits until it holds the session.</summary>
    public async Task<Task<Answer>> ParkAsync(Session session, string query = "")
    {
        var attached = Wire.Attached;
        var poll = PollAsync(session, query);
        await Testing.ChannelsTestHost.EventuallyAsync(() => Wire.Attached > attached);
        return poll;
    }

    public Task PublishAsync(params int[] numbers) => PublishAllAsync(numbers);

    protected override void AddServices(WebApplicationBuilder builder, IChannelsBuilder channels)
    {
        if (Listen is { } listen)
        {
            builder.WebHost.ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0, listen));
        }
    }

    protected override void Map(WebApplication app)
    {
        Wire = new(Connections, () => Channels, Metrics, new()
        {
            Protocol = "kit",
            Time = Time,
            Logger = NullLogger.Instance,
            DetachedLifetime = Detached,
            CloseTimeout = TimeSpan.FromSeconds(5),
            MaxSessions = MaxSessions,
            MaxQueuedFrames = MaxQueuedFrames,
        });
        app.UseSharedWebSockets(new(), WritesToSockets ? new(new WebSocketMetrics(WritePaths)) : null);
        Wire.Map(app);
    }

    private async Task OpenChannelAsync()
    {
        await InitializeAsync();
        await CreateAsync(Channel, ChannelPermission.Subscribe);
    }

    private async Task PublishAllAsync(int[] numbers)
    {
        foreach (var number in numbers)
        {
            (await SendAsync("POST", "/kit/publish", json: $"{number}")).Expect(201);
        }
    }
}
