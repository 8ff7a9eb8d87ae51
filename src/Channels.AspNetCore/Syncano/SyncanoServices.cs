using System.Diagnostics.Metrics;
using Channels.AspNetCore.Connections;
using Channels.AspNetCore.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Channels.AspNetCore.Syncano;

/// <summary>What one mapping of this front end holds for as long as the application runs.</summary>
internal sealed class SyncanoServices
{
    /// <summary>Name under which templates and callers know this front end.</summary>
    public const string FrontEnd = "syncano";

    private readonly ChannelsMaintenance _maintenance;

    public SyncanoServices(IServiceProvider services, ChannelEndpointOptions options)
    {
        Options = options;
        Channels = services.GetRequiredService<IChannels>();
        Limiter = services.GetRequiredService<IChannelLimiter>();
        Connections = services.GetRequiredService<IChannelConnections>();
        _maintenance = services.GetRequiredService<ChannelsMaintenance>();
        Authenticator = services.GetRequiredService<IChannelAuthenticator>();
        Directory = services.GetRequiredService<IChannelDirectory>();
        Time = services.GetService<TimeProvider>() ?? TimeProvider.System;
        Origins = new(options.AllowedOrigins);
        Cors = new(Origins, options.AllowAnyOrigin, options.PreflightMaxAge);
        Tickets = new(Time, options.TicketLifetime, options.MaxTickets);
        Errors = new((int)options.RetryAfter.TotalSeconds);
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger<SyncanoServices>();
        Boundary = new(logger, Errors.StoreFailed, SyncanoErrors.Broken, SyncanoErrors.FromServer);
        DirectWrites = options.WritesToSockets ? new(new WebSocketMetrics(services.GetService<IMeterFactory>())) : null;
        Streams = new()
        {
            Time = Time,
            Logger = logger,
            CloseTimeout = options.CloseTimeout,
            Ignored = new() { MaxMessageBytes = options.MaxClientMessageBytes, Discards = true },
            Heartbeat = new(Time, options.HeartbeatInterval),
            Retry = options.ReconnectDelay,
        };
    }

    /// <summary>Whether the host sends its readers away.</summary>
    public bool IsDraining => _maintenance.IsDraining;

    public ChannelEndpointOptions Options { get; }

    public IChannels Channels { get; }

    public IChannelConnections Connections { get; }

    public IChannelLimiter Limiter { get; }

    public IChannelAuthenticator Authenticator { get; }

    public IChannelDirectory Directory { get; }

    public TimeProvider Time { get; }

    public TrustedOrigins Origins { get; }

    public CorsRules Cors { get; }

    public ConnectTickets Tickets { get; }

    public SyncanoErrors Errors { get; }

    public ErrorBoundary Boundary { get; }

    /// <summary>Leave to write straight to sockets; <see langword="null"/> without it.</summary>
    public DirectWrites? DirectWrites { get; }

    /// <summary>How streams without a time limit are served.</summary>
    public TransportSettings Streams { get; }

    /// <summary>Answers an event stream that cannot be served while the host stops.</summary>
    /// <returns>Nothing more to answer.</returns>
    public async ValueTask<JsonAnswer?> ComeBackAsync(HttpContext http)
    {
        await EventStreamLink.ComeBackAsync(http, Streams);
        return null;
    }

    /// <summary>Opens a connection whose client is closed, and resumes, when it lags too much.</summary>
    /// <param name="protocol">Name for metrics.</param>
    /// <param name="caller">Who the client is.</param>
    /// <param name="instance">Instance that it is connected to.</param>
    /// <returns><see langword="null"/> when no more connections can be served now.</returns>
    public IChannelConnection? TryOpen(string protocol, ChannelCaller caller, string instance) => Connections.TryOpen(new()
    {
        Instance = instance,
        Protocol = protocol,
        Caller = caller,
        SlowReader = SlowReaderPolicy.Close,
        SharesWakeUps = true,
        MaxLagMessages = Options.MaxLagMessages,
        MaxLagBytes = Options.MaxLagBytes,
    });
}
