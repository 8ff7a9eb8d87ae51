namespace Channels;

/// <summary>Who a connection is for and how it is served.</summary>
public sealed record ConnectionOptions
{
    /// <summary>Name of the wire protocol, for metrics; one of a few fixed words such as <c>sse</c>.</summary>
    public required string Protocol { get; init; }

    /// <summary>Who the client is.</summary>
    public required ChannelCaller Caller { get; init; }

    /// <summary>What happens when the client lags more than permitted.</summary>
    public SlowReaderPolicy SlowReader { get; init; }

    /// <summary>
    /// Whether its reader does nothing but short work between two waits, so that many readers may be woken one after the other on one thread.
    /// For front ends, which encode and start a write; default <see langword="false"/>.
    /// </summary>
    public bool SharesWakeUps { get; init; }

    /// <summary>How many messages an address of the connection may lag, at least 1; default 10,000.</summary>
    public int MaxLagMessages { get; init; } = 10_000;

    /// <summary>How many payload bytes an address of the connection may lag, at least 1; default 16 MiB.</summary>
    public long MaxLagBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>
    /// How long its members stay when the connection ends without <see cref="IChannelConnection.Leave"/>, unless its caller lost the leave to be there.
    /// Default: not at all.
    /// </summary>
    public TimeSpan PresenceGrace { get; init; }

    /// <summary>Instance that the client uses; <see langword="null"/> when its first address tells.</summary>
    public string? Instance { get; init; }
}
