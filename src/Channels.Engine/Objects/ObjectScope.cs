namespace Channels.Engine;

/// <summary>A class that a caller has come into.</summary>
/// <param name="Instance">The tenant.</param>
/// <param name="Class">The class.</param>
internal readonly record struct ObjectScope(Instance Instance, ObjectClass Class);
