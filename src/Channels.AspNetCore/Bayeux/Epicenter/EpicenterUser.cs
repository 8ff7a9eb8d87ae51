namespace Channels.AspNetCore.Bayeux;

/// <summary>A user as events name one.</summary>
/// <param name="Id">Id of the person.</param>
/// <param name="UserName">Name that the person signs in with, if it is told.</param>
/// <param name="LastName">Name for people, if it is told.</param>
/// <param name="Account">Id of the team, if it is told.</param>
/// <param name="Role">Role in a world, if it is told.</param>
public sealed record EpicenterUser(string Id, string? UserName = null, string? LastName = null, string? Account = null, string? Role = null);
