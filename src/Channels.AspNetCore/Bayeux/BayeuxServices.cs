using System.Security.Cryptography;
using Channels.AspNetCore.Bayeux.Epicenter;
using Channels.AspNetCore.Connections;
using Channels.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Channels.AspNetCore.Bayeux;

/// <summary>What this front end holds for as long as the application runs.</summary>
internal sealed class BayeuxServices : IDisposable
{
    /// <summary>Name under which templates and callers know this front end.</summary>
    public const string FrontEnd = BayeuxDefaults.FrontEnd;

    private const int IdBytes = 20;

    private readonly IChannelConnections _connections;

    public BayeuxServices(
        IOptions<BayeuxOptions> options,
        IChannels channels,
        IChannelConnections connections,
        IChannelAuthenticator authenticator,
        EpicenterAccess access,
        EpicenterPresence presence,
        IChannelLimiter limiter,
        SessionMetrics metrics,
        TimeProvider time,
        ILogger<BayeuxServices> logger)
    {
        Options = options.Value;
        Channels = channels.In(Options.Instance);
        _connections = connections;
        Access = access;
        Presence = presence;
        Limiter = limiter;
        Time = time;
        Logger = logger;
        Origins = new(Options.AllowedOrigins);
        Callers = new(Options, authenticator, access, Origins);
        Cors = new(
            Origins, Options.AllowAnyOrigin, Options.PreflightMaxAge, namesAny: true, new("GET, POST", "authorization, content-type, x-requested-with", ""));
        Reader = new(Options.MaxBatchMessages);
        Advice = new("retry", Options.Interval, Options.Timeout);
        Boundary = new(logger, new(503), new(500), static (status, _) => new(status));
        Browsers = new(Options.MaxSessionsPerBrowser);
        Addresses = new(Channels, Options.Instance);
        Silent = new(Options.ChannelsWithoutEcho);
        Sessions = new(
            new()
            {
                Protocol = FrontEnd,
                Time = time,
                Logger = logger,
                DetachedLifetime = Options.Interval + Options.MaxInterval,
                CloseTimeout = Options.CloseTimeout,
                MaxSessions = Options.MaxSessions,
                MaxQueuedFrames = Options.MaxQueuedMessages,
                MaxQueuedBytes = Options.MaxQueuedBytes,
            },
            metrics);
        SocketLimits = new()
        {
            MaxMessageBytes = Options.MaxRequestBytes,
            AcceptsBinary = false,
            MaxSilence = Options.SocketIdleTimeout,
            Silent = new(System.Net.WebSockets.WebSocketCloseStatus.NormalClosure, "idle"),
            Sweep = new(time, Options.SocketIdleTimeout / 4),
        };
    }

    public BayeuxOptions Options { get; }

    /// <summary>The engine, acting as the application.</summary>
    public IChannels Channels { get; }

    public EpicenterAccess Access { get; }

    public EpicenterPresence Presence { get; }

    public IChannelLimiter Limiter { get; }

    public BayeuxCallers Callers { get; }

    public BayeuxAddresses Addresses { get; }

    public BayeuxReader Reader { get; }

    public BayeuxForms Forms { get; } = new();

    /// <summary>The whole advice, as clients need it: newer advice replaces older.</summary>
    public BayeuxAdvice Advice { get; }

    public SessionTable Sessions { get; }

    public BayeuxBrowsers Browsers { get; }

    /// <summary>Channels whose publishers do not receive what they published.</summary>
    public BayeuxChannelSet Silent { get; }

    public WebSocketLimits SocketLimits { get; }

    public TrustedOrigins Origins { get; }

    public CorsRules Cors { get; }

    public ErrorBoundary Boundary { get; }

    public TimeProvider Time { get; }

    public ILogger Logger { get; }

    /// <summary>The clock as this wire spells it, milliseconds since 1970.</summary>
    public long Now => Time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>A secret of letters and digits.</summary>
    public static string NewSecret() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes));

    /// <summary>Opens a session.</summary>
    /// <returns><see langword="null"/> when no more can be served now.</returns>
    public async ValueTask<BayeuxSession?> TryOpenAsync(ChannelCaller caller, bool acknowledges, string? browser)
    {
        var connection = _connections.TryOpen(new()
        {
            Protocol = FrontEnd,
            Caller = caller,
            SlowReader = SlowReaderPolicy.Close,
            SharesWakeUps = true,
            MaxLagMessages = Options.MaxQueuedMessages,
            MaxLagBytes = Options.MaxQueuedBytes,
            PresenceGrace = Options.PresenceGrace,
        });
        if (connection is null)
        {
            return null;
        }

        var session = new BayeuxSession(caller, acknowledges, browser, Forms);
        var opening = Sessions.TryOpen(
            new()
            {
                Connection = connection,
                Encode = session.Encode,
                Acknowledges = acknowledges,
                Id = NewSecret(),
                State = session,
                Ended = session.OnEnded,
            },
            out var queue);
        if (opening != SessionOpening.Opened)
        {
            await connection.DisposeAsync();
            return null;
        }

        session.Open(queue!);
        queue!.Start();
        return session;
    }

    public void Dispose() => Sessions.Dispose();
}
