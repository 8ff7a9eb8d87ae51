namespace Channels;

/// <summary>How an operation on one data object ended.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Value">
/// The object after the operation, or as it was before it was deleted; with <see cref="ObjectStatus.RevisionMismatch"/> as it is.
/// </param>
/// <param name="Message">The notification; <see langword="null"/> for an object without a channel.</param>
public sealed record ObjectResult(ObjectStatus Status, DataObject? Value = null, ChannelMessage? Message = null)
{
    /// <summary>Every mistake of the draft; only with <see cref="ObjectStatus.Invalid"/>.</summary>
    public IReadOnlyList<ObjectProblem> Problems { get; init; } = [];

    /// <summary>When trying again makes sense; only with <see cref="ObjectStatus.Throttled"/>.</summary>
    public TimeSpan RetryAfter { get; init; }

    /// <summary>Whether it was done.</summary>
    public bool Succeeded => Status == ObjectStatus.Done;
}
