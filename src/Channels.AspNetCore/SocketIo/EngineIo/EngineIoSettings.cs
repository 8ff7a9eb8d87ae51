namespace Channels.AspNetCore.SocketIo.EngineIo;

/// <summary>Limits and times of a server.</summary>
internal sealed record EngineIoSettings
{
    /// <summary>Pause between two heartbeats.</summary>
    public required TimeSpan PingInterval { get; init; }

    /// <summary>How long a heartbeat may take.</summary>
    public required TimeSpan PingTimeout { get; init; }

    /// <summary>How long a change to a WebSocket may take.</summary>
    public required TimeSpan UpgradeTimeout { get; init; }

    /// <summary>How long a closed session without a poll is kept to tell its client.</summary>
    public required TimeSpan PollingCloseTimeout { get; init; }

    /// <summary>How long a last write and the closing handshake may take.</summary>
    public required TimeSpan CloseTimeout { get; init; }

    /// <summary>Largest body of a request and largest message of a WebSocket, in bytes.</summary>
    public required int MaxPayloadBytes { get; init; }

    public required int MaxSessions { get; init; }

    public required int MaxQueuedFrames { get; init; }

    public required long MaxQueuedBytes { get; init; }

    public required int MaxLagMessages { get; init; }

    public required long MaxLagBytes { get; init; }

    /// <summary>Whether polling clients may change to a WebSocket.</summary>
    public required bool AllowUpgrades { get; init; }

    /// <summary>Whether scripts of other origins may poll.</summary>
    public required bool AllowJsonp { get; init; }

    /// <summary>What <c>Retry-After</c> says, in seconds.</summary>
    public required int RetryAfter { get; init; }
}
