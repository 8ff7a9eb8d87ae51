namespace Channels;

/// <summary>What waits to be sent to one client.</summary>
/// <param name="Messages">How many messages or frames.</param>
/// <param name="Bytes">How many bytes they have.</param>
public readonly record struct ConnectionQueue(long Messages, long Bytes);
