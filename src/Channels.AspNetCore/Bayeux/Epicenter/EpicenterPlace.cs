namespace Channels.AspNetCore.Bayeux;

/// <summary>Names a group of a project, or a world in a group.</summary>
/// <param name="Project">The project.</param>
/// <param name="Group">Name of the group, one path segment.</param>
/// <param name="World">Id of the world, one path segment; <see langword="null"/> for the group itself.</param>
public readonly record struct EpicenterPlace(EpicenterProject Project, string Group, string? World = null)
{
    /// <summary>Name of the channel in the engine, without the slash in front.</summary>
    public string ChannelName => World is null
        ? $"group/{Project.Account}/{Project.Project}/{Group}"
        : $"world/{Project.Account}/{Project.Project}/{Group}/{World}";
}
