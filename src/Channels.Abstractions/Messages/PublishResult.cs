namespace Channels;

/// <summary>How publishing one draft ended, with the message when there is one.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Message">The stored message; only with <see cref="PublishStatus.Published"/> and <see cref="PublishStatus.Duplicate"/>.</param>
public readonly record struct PublishResult(PublishStatus Status, ChannelMessage? Message = null)
{
    /// <summary>When trying again makes sense; only with <see cref="PublishStatus.Throttled"/>.</summary>
    public TimeSpan RetryAfter { get; init; }

    /// <summary>Whether the message is in the order, now or from an earlier try.</summary>
    public bool Succeeded => Status is PublishStatus.Published or PublishStatus.Duplicate;
}
