namespace Channels;

/// <summary>Where an instance's sequence stands.</summary>
/// <param name="Head">The last id given; the next message gets a greater one.</param>
/// <param name="LastCreatedAt">Time of that id, UTC; the next message's is not earlier.</param>
/// <param name="Holes">Holes between runs, ascending; only what lies within reach of retention needs to be kept.</param>
public sealed record StoreHead(MessageCursor Head, DateTimeOffset LastCreatedAt, IReadOnlyList<IdHole> Holes);
