namespace Channels;

/// <summary>What became of one entry of a batch.</summary>
/// <param name="Status">What became of it.</param>
/// <param name="Message">The message; only with <see cref="AppendStatus.Stored"/> and <see cref="AppendStatus.Duplicate"/>.</param>
public readonly record struct AppendOutcome(AppendStatus Status, ChannelMessage? Message = null);
