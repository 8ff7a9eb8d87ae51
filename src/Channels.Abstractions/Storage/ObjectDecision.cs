namespace Channels;

/// <summary>What is to become of a data object.</summary>
/// <param name="Status"><see cref="ObjectStatus.Done"/> to do it; everything else changes nothing.</param>
/// <param name="After">The object from now on; with <see cref="ObjectStatus.Done"/>, <see langword="null"/> deletes it.</param>
/// <param name="Draft">The notification, if there is to be one.</param>
public sealed record ObjectDecision(ObjectStatus Status, DataObject? After = null, MessageDraft? Draft = null)
{
    /// <summary>The object as it was; <see langword="null"/> for a creation.</summary>
    public DataObject? Before { get; init; }

    /// <summary>Every mistake of what was asked for; only with <see cref="ObjectStatus.Invalid"/>.</summary>
    public IReadOnlyList<ObjectProblem> Problems { get; init; } = [];
}
