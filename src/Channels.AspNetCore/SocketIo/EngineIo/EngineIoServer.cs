using Channels.AspNetCore.Connections;
using Channels.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Channels.AspNetCore.SocketIo.EngineIo;

/// <summary>The sessions of one mapping.</summary>
internal sealed class EngineIoServer : IDisposable
{
    private readonly IChannelConnections _connections;
    private readonly SessionTable _sessions;
    private readonly EngineIoSettings _settings;
    private readonly string _protocol;

    /// <param name="services">The application's services.</param>
    /// <param name="settings">Limits and times.</param>
    /// <param name="application">What is served.</param>
    /// <param name="protocol">Name for metrics.</param>
    public EngineIoServer(IServiceProvider services, EngineIoSettings settings, IEngineIoApplication application, string protocol)
    {
        _settings = settings;
        _protocol = protocol;
        Application = application;
        Time = services.GetService<TimeProvider>() ?? TimeProvider.System;
        Logger = services.GetRequiredService<ILoggerFactory>().CreateLogger<EngineIoServer>();
        Errors = new(settings.RetryAfter);
        _connections = services.GetRequiredService<IChannelConnections>();
        _sessions = new(
            new()
            {
                Protocol = protocol,
                Time = Time,
                Logger = Logger,

                // Heartbeats find a client gone that polls no more; this is only behind them.
                DetachedLifetime = settings.PingInterval + settings.PingTimeout + settings.PollingCloseTimeout,
                CloseTimeout = settings.CloseTimeout,
                MaxSessions = settings.MaxSessions,
                MaxQueuedFrames = settings.MaxQueuedFrames,
                MaxQueuedBytes = settings.MaxQueuedBytes,
            },
            new(services.GetService<System.Diagnostics.Metrics.IMeterFactory>()));
    }

    public IEngineIoApplication Application { get; }

    public EngineIoSettings Settings => _settings;

    public TimeProvider Time { get; }

    public ILogger Logger { get; }

    public EngineIoErrors Errors { get; }

    /// <summary>Finds a session that goes on. One whose client comes too late ends here, if its timer has not ended it yet.</summary>
    public EngineIoSession? Find(string id)
    {
        var session = _sessions.Find(id)?.State as EngineIoSession;
        if (session is not { IsOver: true })
        {
            return session;
        }

        session.Lose();
        return null;
    }

    /// <summary>Opens a session.</summary>
    /// <returns><see langword="null"/> when no more can be served now.</returns>
    public EngineIoSession? TryOpen(EngineIoRequest request, EngineIoRevision revision, ChannelCaller caller)
    {
        var connection = _connections.TryOpen(new()
        {
            Protocol = _protocol,
            Caller = caller,
            SlowReader = SlowReaderPolicy.Close,
            SharesWakeUps = true,
            MaxLagMessages = _settings.MaxLagMessages,
            MaxLagBytes = _settings.MaxLagBytes,
        });
        if (connection is null)
        {
            return null;
        }

        var engine = new EngineIoSession(request, revision, _settings);
        var setup = new SessionSetup { Connection = connection, Encode = engine.Encode, Ended = _ => engine.OnEnded(), State = engine };
        if (_sessions.TryOpen(setup, out var session) != SessionOpening.Opened)
        {
            connection.Close(ConnectionEnd.Closed);
            return null;
        }

        engine.Start(session!, OpenPacket(session!.Id, request.Transport!.Value), Application);
        return engine;
    }

    public void Dispose() => _sessions.Dispose();

    private Frame OpenPacket(string id, EngineIoTransport transport)
    {
        var upgrades = transport == EngineIoTransport.Polling && _settings.AllowUpgrades;
        return EngineIoFrames.Packet(EngineIoPacketType.Open, JsonBytes.Encode((id, upgrades, _settings), static (json, state) =>
        {
            json.WriteStartObject();
            json.WriteString("sid"u8, state.id);
            json.WriteStartArray("upgrades"u8);
            if (state.upgrades)
            {
                json.WriteStringValue("websocket"u8);
            }

            json.WriteEndArray();
            json.WriteNumber("pingInterval"u8, (long)state._settings.PingInterval.TotalMilliseconds);
            json.WriteNumber("pingTimeout"u8, (long)state._settings.PingTimeout.TotalMilliseconds);
            json.WriteNumber("maxPayload"u8, state._settings.MaxPayloadBytes);
            json.WriteEndObject();
        }));
    }
}
