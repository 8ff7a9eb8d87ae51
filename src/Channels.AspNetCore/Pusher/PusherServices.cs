using System.Diagnostics.Metrics;
using Channels.AspNetCore.Connections;
using Channels.AspNetCore.Http;
using Channels.AspNetCore.Pusher.Api;
using Channels.AspNetCore.Pusher.Clients;
using Channels.AspNetCore.Pusher.Webhooks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Channels.AspNetCore.Pusher;

/// <summary>What this front end holds for as long as the application runs, however often it is mapped.</summary>
internal sealed class PusherServices : IAsyncDisposable
{
    private static readonly TimeSpan MostBetweenSweeps = TimeSpan.FromSeconds(5);

    private readonly ChannelsMaintenance _maintenance;

    public PusherServices(
        IServiceProvider services,
        IChannels channels,
        IChannelConnections connections,
        ChannelsMaintenance maintenance,
        IChannelEvents events,
        IChannelLimiter limiter,
        PusherApps apps,
        PusherWebhooks webhooks,
        IOptions<PusherOptions> options,
        ILoggerFactory loggers)
    {
        _maintenance = maintenance;
        Options = options.Value;
        Apps = apps;
        Events = events;
        Limiter = limiter;
        Webhooks = webhooks;
        Channels = channels;
        Connections = connections;
        Time = services.GetService<TimeProvider>() ?? TimeProvider.System;
        Logger = loggers.CreateLogger<PusherServices>();
        Addresses = new(channels);
        Cache = new(channels, Time);
        Signature = new(Time, Options.TimestampTolerance);
        Sweep = new(Time, SweepInterval(Options));
        FallbackHeartbeat = new(Time, Options.FallbackHeartbeat);
        Cors = new(new TrustedOrigins(Options.AllowedOrigins), Options.AllowAnyOrigin, TimeSpan.FromDays(1));
        Boundary = new(Logger, PusherErrors.StoreFailed, PusherErrors.Broken, PusherErrors.Answer);
        Sessions = new(Settings(), new(services.GetService<IMeterFactory>()));
        Counting = new(this);
        Apps.Changed += EndWithdrawn;
    }

    public PusherOptions Options { get; }

    public PusherApps Apps { get; }

    /// <summary>The engine, acting as the host.</summary>
    public IChannels Channels { get; }

    public IChannelConnections Connections { get; }

    public TimeProvider Time { get; }

    public ILogger Logger { get; }

    public PusherAddresses Addresses { get; }

    public PusherCache Cache { get; }

    public PusherSignature Signature { get; }

    public IChannelEvents Events { get; }

    public IChannelLimiter Limiter { get; }

    public PusherWebhooks Webhooks { get; }

    public PusherCounting Counting { get; }

    public PusherQuota Quota { get; } = new();

    /// <summary>Looks for silent clients, all on one timer.</summary>
    public Heartbeat Sweep { get; }

    public Heartbeat FallbackHeartbeat { get; }

    public CorsRules Cors { get; }

    public ErrorBoundary Boundary { get; }

    public SessionTable Sessions { get; }

    /// <summary>How WebSockets spell events.</summary>
    public PusherForm Sockets { get; } = PusherForm.ForSockets();

    /// <summary>How the HTTP fallbacks spell events.</summary>
    public PusherForm Fallback { get; } = PusherForm.ForFallback();

    /// <summary>Opens a session for a client that may be served.</summary>
    /// <param name="app">Its app.</param>
    /// <param name="form">How its transport spells events.</param>
    /// <param name="protocol">Name of the transport, for metrics.</param>
    /// <param name="sessionId">Id that the client chose, if it did.</param>
    /// <param name="client">The client; <see langword="null"/> unless it is served.</param>
    /// <param name="session">Its session; <see langword="null"/> unless it is served.</param>
    /// <returns>How the client is closed, if it is not served.</returns>
    public WebSocketClosure? TryOpen(
        PusherApp app, PusherForm form, string protocol, string? sessionId, out PusherClient? client, out Session? session)
    {
        client = null;
        session = null;
        if (!Quota.TryEnter(app))
        {
            return PusherErrors.OverQuota;
        }

        var connection = TryConnect(app, protocol);
        if (connection is not null)
        {
            var opened = client = new(this, app, form, connection);
            var setup = new SessionSetup
            {
                Connection = connection,
                Encode = opened.Encode,
                Id = sessionId,
                State = opened,
                Farewell = sessionId is null ? null : session => session.End == SessionEnd.Expired ? null : opened.ClosureAfter(session.End),
                Ended = _ => Leave(opened),
            };
            if (Sessions.TryOpen(setup, out session) == SessionOpening.Opened)
            {
                opened.Start(session!);
                if (Apps.Check(app) is { } withdrawn)
                {
                    // It was let in while the apps were changed, and may have come too late to be closed with the others.
                    opened.Close(withdrawn);
                }

                return null;
            }

            connection.Close(ConnectionEnd.Closed);
            client = null;
        }

        Quota.Leave(app);
        return _maintenance.IsDraining ? PusherErrors.ReconnectNow : PusherErrors.OverCapacity;
    }

    public async ValueTask DisposeAsync()
    {
        Apps.Changed -= EndWithdrawn;
        await Counting.DisposeAsync();
        Sessions.Dispose();
    }

    /// <summary>Often enough for the shortest of the limits, and no more often than every second.</summary>
    private static TimeSpan SweepInterval(PusherOptions options)
    {
        var shortest = options.ActivityTimeout < options.PongTimeout ? options.ActivityTimeout : options.PongTimeout;
        var interval = shortest / 6;
        return interval > MostBetweenSweeps ? MostBetweenSweeps : interval < TimeSpan.FromSeconds(1) ? TimeSpan.FromSeconds(1) : interval;
    }

    private IChannelConnection? TryConnect(PusherApp app, string protocol) => Connections.TryOpen(new()
    {
        Protocol = protocol,
        Caller = app.Client,
        SlowReader = SlowReaderPolicy.Close,
        SharesWakeUps = true,
        MaxLagMessages = Options.MaxLagMessages,
        MaxLagBytes = Options.MaxLagBytes,
    });

    /// <summary>Closes the clients of apps that were removed or switched off, or whose secrets were withdrawn.</summary>
    private void EndWithdrawn()
    {
        foreach (var session in Sessions.All)
        {
            if (session.State is PusherClient { HasStarted: true } client && Apps.Check(client.App) is { } closure)
            {
                client.Close(closure);
            }
        }
    }

    private void Leave(PusherClient client)
    {
        client.Leave();
        Quota.Leave(client.App);
    }

    private SessionSettings Settings() => new()
    {
        Protocol = PusherApp.FrontEnd,
        Time = Time,
        Logger = Logger,
        DetachedLifetime = Options.FallbackDisconnectDelay,
        FarewellLifetime = Options.FallbackDisconnectDelay,
        CloseTimeout = Options.CloseTimeout,
        MaxSessions = Options.MaxConnections,
    };
}
