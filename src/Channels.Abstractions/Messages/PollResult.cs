namespace Channels;

/// <summary>How a poll ended, with the message when there is one.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Message">The message; only with <see cref="PollOutcome.Message"/>.</param>
/// <param name="Gap">Set when the cursor could not be honoured and reading went on behind the gap.</param>
/// <param name="Access">Why it was refused; only with <see cref="PollOutcome.Refused"/>.</param>
/// <param name="Address">Which address was withdrawn or deleted while the poll waited.</param>
public sealed record PollResult(
    PollOutcome Outcome,
    ChannelMessage? Message = null,
    MessageGap? Gap = null,
    AccessStatus Access = AccessStatus.Allowed,
    ChannelAddress? Address = null);
