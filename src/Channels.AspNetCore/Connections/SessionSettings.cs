using Microsoft.Extensions.Logging;

namespace Channels.AspNetCore.Connections;

/// <summary>Limits of the sessions of a front end.</summary>
internal sealed record SessionSettings
{
    /// <summary>Name of the wire protocol, for metrics.</summary>
    public required string Protocol { get; init; }

    /// <summary>Clock for every limit.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Where failures that end a session are logged.</summary>
    public required ILogger Logger { get; init; }

    /// <summary>How long a session lives without a transport.</summary>
    public required TimeSpan DetachedLifetime { get; init; }

    /// <summary>How long a transport may still write once its session has ended or was taken over.</summary>
    public required TimeSpan CloseTimeout { get; init; }

    /// <summary>How many sessions there may be, those that are just ending included; at least 1. As many farewells are remembered.</summary>
    public required int MaxSessions { get; init; }

    /// <summary>How long the farewell of a session is remembered once nothing else of it is left; default not at all.</summary>
    public TimeSpan FarewellLifetime { get; init; }

    /// <summary>How many frames may wait for a client, at least 1; default 10,000.</summary>
    public int MaxQueuedFrames { get; init; } = 10_000;

    /// <summary>How many bytes of frames may wait for a client, at least 1; the last frame may exceed it. Default 8 MiB.</summary>
    public long MaxQueuedBytes { get; init; } = 8 * 1024 * 1024;
}
