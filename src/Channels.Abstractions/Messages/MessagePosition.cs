namespace Channels;

/// <summary>A position together with its time, for front ends whose cursors have both.</summary>
/// <param name="Cursor">The position.</param>
/// <param name="CreatedAt">UTC: every message up to the position was created at this time or before, every later one at this time or after.</param>
public readonly record struct MessagePosition(MessageCursor Cursor, DateTimeOffset CreatedAt);
