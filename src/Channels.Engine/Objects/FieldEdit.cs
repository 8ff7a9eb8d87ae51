namespace Channels.Engine;

/// <summary>What is to become of one field of an object.</summary>
/// <param name="Json">Its new value, as it is kept; empty to clear it, without meaning for an increment.</param>
/// <param name="Increment">What is added to it: an integer as it was written, or a number; <see langword="null"/> for a plain value.</param>
internal readonly record struct FieldEdit(ReadOnlyMemory<byte> Json, FieldIncrement? Increment = null);
