using Microsoft.Extensions.Logging;

namespace Channels.AspNetCore.Connections;

/// <summary>How a transport serves a connection, whatever its wire form.</summary>
internal sealed record TransportSettings
{
    /// <summary>How many full writes a connection makes before it looks at its surroundings again.</summary>
    public const int WritesPerTurn = 8;

    /// <summary>After how many turns a connection that always has something to send lets those go on that were woken together with it.</summary>
    public const int TurnsBeforeYield = 32;

    /// <summary>Clock for every limit.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Where failures that end a connection are logged.</summary>
    public required ILogger Logger { get; init; }

    /// <summary>How long a pending write or a closing handshake may still take once the connection has ended.</summary>
    public required TimeSpan CloseTimeout { get; init; }

    /// <summary>When the connection is ended whatever happens; <see langword="null"/> for never.</summary>
    public TimeSpan? MaxDuration { get; init; }

    /// <summary>What a client may send over a WebSocket whose messages count for nothing; shared by all of them.</summary>
    public WebSocketLimits Ignored { get; init; } = new() { MaxMessageBytes = 125, Discards = true };

    /// <summary>Media type of event streams, which are UTF-8 whether or not it says so.</summary>
    public string EventStreamType { get; init; } = "text/event-stream";

    /// <summary>Heartbeat of event streams.</summary>
    public Heartbeat? Heartbeat { get; init; }

    /// <summary>When event stream clients come back.</summary>
    public TimeSpan Retry { get; init; }
}
