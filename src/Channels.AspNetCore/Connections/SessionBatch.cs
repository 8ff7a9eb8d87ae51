namespace Channels.AspNetCore.Connections;

/// <summary>Frames to write together.</summary>
/// <param name="Number">What the client acknowledges; ascending by one from 1, or 0 in a session without acknowledgement.</param>
/// <param name="Frames">The frames in order, valid until the write has ended.</param>
internal readonly record struct SessionBatch(long Number, ReadOnlyMemory<Frame> Frames);
