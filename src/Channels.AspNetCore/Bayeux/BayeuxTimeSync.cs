namespace Channels.AspNetCore.Bayeux;

/// <summary>A client's question what time it is here. Source: docs/protocols/bayeux.md#timesync</summary>
/// <param name="SentAt">The client's clock when it asked, milliseconds.</param>
/// <param name="Lag">What it believes a message takes one way, milliseconds.</param>
/// <param name="Offset">What it believes this clock is ahead by, milliseconds.</param>
/// <param name="ReceivedAt">This clock when the question came, milliseconds since 1970.</param>
internal readonly record struct BayeuxTimeSync(long SentAt, long? Lag, long Offset, long ReceivedAt)
{
    private const long AccuracyTarget = 25;

    /// <summary>By how much the client is wrong, milliseconds; unknown while it knows no lag.</summary>
    public long? Error => Lag is { } lag ? SentAt + Offset + lag - ReceivedAt : null;

    /// <summary>Whether the client is wrong enough to be told.</summary>
    public bool IsWorthAnswering => Lag is null or 0 || Error is >= AccuracyTarget or <= -AccuracyTarget;
}
