using Channels.AspNetCore.Connections;
using Channels.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Channels.AspNetCore.PushStream;

/// <summary>What one mapping of this front end holds for as long as the application runs.</summary>
internal sealed class PushStreamServices
{
    private const string RequestHeaders = "If-Modified-Since,If-None-Match,Etag,Event-Id,Event-Type,Last-Event-Id,Authorization";

    private readonly IChannelConnections _connections;
    private readonly ChannelsMaintenance _maintenance;
    private readonly IChannelLoad _load;

    public PushStreamServices(IServiceProvider services, PushStreamOptions options, string methods)
    {
        Options = options;
        Channels = services.GetRequiredService<IChannels>().In(options.Instance);
        _connections = services.GetRequiredService<IChannelConnections>();
        _maintenance = services.GetRequiredService<ChannelsMaintenance>();
        _load = services.GetRequiredService<IChannelLoad>();
        Statistics = services.GetRequiredService<IChannelStatistics>();
        var time = services.GetService<TimeProvider>() ?? TimeProvider.System;
        var origins = new TrustedOrigins(options.AllowedOrigins);
        Cors = new(origins, allowAny: origins.IsEmpty, TimeSpan.Zero, headers: new(methods, RequestHeaders, "Etag, Last-Modified, Retry-After")
        {
            OnEveryAnswer = true,
            AllowsCredentials = false,
        });
        Callers = new(services.GetRequiredService<IChannelAuthenticator>(), origins, options);
        Limiter = services.GetRequiredService<IChannelLimiter>();
        Names = new(Channels.Catalog, options.Instance);
        Errors = new((int)options.RetryAfter.TotalSeconds);
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger<PushStreamServices>();
        Boundary = new(logger, Errors.StoreFailed, PushStreamErrors.Broken, PushStreamErrors.FromServer);
        Streams = new()
        {
            Time = time,
            Logger = logger,
            CloseTimeout = options.CloseTimeout,
            MaxDuration = options.MaxConnectionDuration,
            Ignored = new() { MaxMessageBytes = options.MaxClientMessageBytes, Discards = true, AcceptsBinary = false },
            EventStreamType = "text/event-stream; charset=utf-8",
            Heartbeat = new(time, options.PingInterval),
            Retry = options.ReconnectDelay,
        };
        Polls = new() { Window = options.PollWindow, MaxMessages = options.MaxAnswerMessages, MaxBytes = options.MaxAnswerBytes };
    }

    public PushStreamOptions Options { get; }

    /// <summary>The engine, acting as the application, in the instance that is served.</summary>
    public IChannels Channels { get; }

    /// <summary>What was published.</summary>
    public IChannelStatistics Statistics { get; }

    public CorsRules Cors { get; }

    public PushStreamCallers Callers { get; }

    public IChannelLimiter Limiter { get; }

    public PushStreamNames Names { get; }

    public PushStreamErrors Errors { get; }

    public ErrorBoundary Boundary { get; }

    public PushStreamForms Forms { get; } = new();

    /// <summary>How WebSockets and event streams are served.</summary>
    public TransportSettings Streams { get; }

    /// <summary>How long polls wait.</summary>
    public PollManyOptions Polls { get; }

    /// <summary>Whether the host sends its readers away.</summary>
    public bool IsDraining => _maintenance.IsDraining;

    /// <summary>Whether there is more to do than the engine manages, so that nobody new is served.</summary>
    public bool IsOverloaded => _load.IsOverloaded;

    /// <summary>Opens a connection whose client is closed, and resumes, when it lags too much.</summary>
    /// <param name="protocol">Name for metrics.</param>
    /// <param name="caller">Who the client is.</param>
    /// <returns><see langword="null"/> when no more connections can be served now.</returns>
    public IChannelConnection? TryOpen(string protocol, ChannelCaller caller) => _connections.TryOpen(new()
    {
        Protocol = protocol,
        Caller = caller,
        SlowReader = SlowReaderPolicy.Close,
        SharesWakeUps = true,
        MaxLagMessages = Options.MaxLagMessages,
        MaxLagBytes = Options.MaxLagBytes,
    });
}
