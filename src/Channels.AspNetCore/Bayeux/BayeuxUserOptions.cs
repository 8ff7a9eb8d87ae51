namespace Channels.AspNetCore.Bayeux;

/// <summary>A user of a project.</summary>
public sealed class BayeuxUserOptions
{
    /// <summary>Id of the person, as the authenticator gives it.</summary>
    public string Id { get; set; } = "";

    /// <summary>Name that the person signs in with; <see langword="null"/> for the id.</summary>
    public string? UserName { get; set; }

    /// <summary>Name for people, if any.</summary>
    public string? LastName { get; set; }

    /// <summary>Names of the groups that the user belongs to.</summary>
    public IList<string> Groups { get; init; } = [];

    /// <summary>The worlds that the user is in, each as <c>group/world</c>.</summary>
    public IList<string> Worlds { get; init; } = [];
}
