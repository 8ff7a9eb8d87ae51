namespace Channels;

/// <summary>What is wrong with one part of an object draft.</summary>
/// <param name="Field">Name of the field; <c>channel</c>, <c>channel_room</c>, <c>group</c> or <c>owner</c> for those parts; empty for the draft as a whole.</param>
/// <param name="Kind">What is wrong with it.</param>
/// <param name="Limit">The most that is permitted; only with <see cref="ObjectProblemKind.TooLong"/>.</param>
public sealed record ObjectProblem(string Field, ObjectProblemKind Kind, int Limit = 0);
