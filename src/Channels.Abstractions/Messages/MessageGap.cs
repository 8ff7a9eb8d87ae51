namespace Channels;

/// <summary>A cursor that cannot be honoured, and where complete reading goes on.</summary>
/// <param name="Requested">Position that was asked for.</param>
/// <param name="Oldest">Earliest position from which nothing is missing.</param>
public readonly record struct MessageGap(MessageCursor Requested, MessageCursor Oldest);
