namespace Channels;

/// <summary>What became of a batch.</summary>
/// <param name="Previous">The instance's head right before this batch, so that a follower knows whether it missed something.</param>
/// <param name="Head">The instance's head after it: the last id given, also to a transient message.</param>
/// <param name="Outcomes">One for each entry, in the same order.</param>
public readonly record struct AppendResult(MessageCursor Previous, MessageCursor Head, IReadOnlyList<AppendOutcome> Outcomes);
