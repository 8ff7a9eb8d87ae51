namespace Channels;

/// <summary>What became of one entry of a batch.</summary>
/// <param name="Status">What became of it.</param>
/// <param name="Message">The message; only with <see cref="AppendStatus.Stored"/>, unless nothing was to be published, and <see cref="AppendStatus.Duplicate"/>.</param>
/// <param name="Decision">What became of the object; only for an entry with a change, with <see cref="AppendStatus.Stored"/> and <see cref="AppendStatus.Refused"/>.</param>
public readonly record struct AppendOutcome(AppendStatus Status, ChannelMessage? Message = null, ObjectDecision? Decision = null);
