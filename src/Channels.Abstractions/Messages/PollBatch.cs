namespace Channels;

/// <summary>How a poll over several addresses ended.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Messages">By ascending id; at least one with <see cref="PollOutcome.Message"/>, otherwise none.</param>
/// <param name="Position">Where to go on: nothing up to here is missing, on any of the addresses.</param>
/// <param name="Access">Why it was refused; only with <see cref="PollOutcome.Refused"/>.</param>
/// <param name="Address">Which address was withdrawn or deleted while the poll waited.</param>
public sealed record PollBatch(
    PollOutcome Outcome,
    IReadOnlyList<ChannelMessage> Messages,
    MessagePosition Position,
    AccessStatus Access = AccessStatus.Allowed,
    ChannelAddress? Address = null);
