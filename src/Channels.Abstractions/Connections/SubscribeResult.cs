namespace Channels;

/// <summary>How subscribing ended.</summary>
/// <param name="Access">Whether the subscription exists now.</param>
/// <param name="Position">Where it stands: everything later will be delivered.</param>
public readonly record struct SubscribeResult(AccessStatus Access, MessageCursor Position = default)
{
    /// <summary>
    /// UTC, for a subscription that starts now: every message up to <see cref="Position"/> was created at this time or before, every later one
    /// at this time or after. Not set for other starts.
    /// </summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When trying again makes sense; only with <see cref="AccessStatus.Throttled"/>.</summary>
    public TimeSpan RetryAfter { get; init; }
}
