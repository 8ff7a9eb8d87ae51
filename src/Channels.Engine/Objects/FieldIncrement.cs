namespace Channels.Engine;

/// <summary>What is added to a number.</summary>
/// <param name="Integer">For a field that holds integers.</param>
/// <param name="Number">For a field that holds floating point numbers.</param>
internal readonly record struct FieldIncrement(long Integer, double Number);
