namespace Channels.AspNetCore.Bayeux;

/// <summary>Where it is told that a user came or went.</summary>
/// <param name="User">The user as events name it.</param>
/// <param name="Places">The user's groups and worlds.</param>
public sealed record EpicenterAttendance(EpicenterUser User, IReadOnlyList<EpicenterPlace> Places);
