namespace Channels.AspNetCore.Bayeux;

/// <summary>Names a project.</summary>
/// <param name="Account">Id of the team, one path segment.</param>
/// <param name="Project">Id of the project, one path segment.</param>
public readonly record struct EpicenterProject(string Account, string Project);
