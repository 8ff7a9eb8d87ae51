using Channels.AspNetCore.Http;
using Channels.AspNetCore.SocketIo.EngineIo;
using Channels.AspNetCore.SocketIo.Packets;
using Channels.AspNetCore.SocketIo.Speakap;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Channels.AspNetCore.SocketIo;

/// <summary>What one mapping of this front end holds for as long as the application runs, and what it serves over its sockets.</summary>
internal sealed class SocketIoServices : ISocketIoApplication
{
    /// <summary>Name under which templates, callers and metrics know this front end.</summary>
    public const string FrontEnd = "socketio";

    private readonly IServiceScopeFactory _scopes;
    private readonly ILogger _logger;

    public SocketIoServices(IServiceProvider services, SocketIoOptions options)
    {
        Options = options;
        Origins = new(options.AllowedOrigins);
        Limiter = services.GetRequiredService<IChannelLimiter>();
        _scopes = services.GetRequiredService<IServiceScopeFactory>();
        _logger = services.GetRequiredService<ILoggerFactory>().CreateLogger<SocketIoServices>();
        Speakap = new(
            services.GetRequiredService<IChannels>(),
            services.GetRequiredService<IChannelAuthenticator>(),
            new(options.Speakap.EventName),
            options.Speakap,
            options.Instance,
            _logger);
    }

    public SocketIoOptions Options { get; }

    public IChannelLimiter Limiter { get; }

    public TrustedOrigins Origins { get; }

    public SpeakapServices Speakap { get; }

    /// <summary>Everybody may connect; who a client is counts when it subscribes or sends an event.</summary>
    public async ValueTask<(EngineIoError? Refusal, ChannelCaller? Caller)> AdmitAsync(HttpContext http)
    {
        var identity = HostIdentity.Of(http, Origins, allowAmbient: !http.Request.Query.ContainsKey("j"));
        var credentials = new ChannelCredentials
        {
            FrontEnd = FrontEnd,
            Instance = Options.Instance,
            Principal = identity.Principal,
            PrincipalExpiresAt = identity.ExpiresAt,
        };
        var (status, caller) = await Speakap.Authenticator.AuthenticateAsync(credentials, http.RequestAborted);
        if (status is not (AuthenticationStatus.Accepted or AuthenticationStatus.NoCredentials))
        {
            return (EngineIoError.Forbidden, null);
        }

        var request = new LimitRequest(SocketIoLimits.Sessions, caller, Options.Instance, Remote: http.Connection.RemoteIpAddress?.ToString());
        return Limiter.TryAcquire(request, out _) ? (null, caller) : (EngineIoError.Unavailable, null);
    }

    public bool HasNamespace(string name) => Options.HasNamespace(name);

    public ISocketIoEvents Connect(SocketIoSocket socket, ReadOnlyMemory<byte> auth) => new SocketIoEvents(socket, this, _scopes, _logger);

    public static EngineIoSettings EngineOf(SocketIoOptions options) => new()
    {
        PingInterval = options.PingInterval,
        PingTimeout = options.PingTimeout,
        UpgradeTimeout = options.UpgradeTimeout,
        PollingCloseTimeout = options.PollingCloseTimeout,
        CloseTimeout = options.CloseTimeout,
        MaxPayloadBytes = options.MaxMessageBytes,
        MaxSessions = options.MaxSessions,
        MaxQueuedFrames = options.MaxQueuedMessages,
        MaxQueuedBytes = options.MaxQueuedBytes,
        MaxLagMessages = options.MaxLagMessages,
        MaxLagBytes = options.MaxLagBytes,
        AllowUpgrades = options.AllowUpgrades,
        AllowJsonp = options.AllowJsonp,
        RetryAfter = (int)options.RetryAfter.TotalSeconds,
    };

    public static SocketIoSettings PacketsOf(SocketIoOptions options) => new()
    {
        ConnectTimeout = options.ConnectTimeout,
        MaxAttachments = options.MaxAttachments,
        MaxAttachmentBytes = options.MaxAttachmentBytes,
        MaxDepth = options.MaxJsonDepth,
        MaxPendingEvents = options.MaxPendingEvents,
        MaxPendingBytes = options.MaxPendingBytes,
    };
}
