namespace Channels.Engine;

/// <summary>Where a reader starts.</summary>
/// <param name="After">Only messages with a greater id; <see langword="null"/> for now.</param>
/// <param name="ToldOfGaps">Whether the client named the position itself and is told when it cannot be honoured.</param>
internal readonly record struct StartPosition(long? After, bool ToldOfGaps);
