namespace Channels.AspNetCore.Bayeux;

/// <summary>A project of the Epicenter layer.</summary>
public sealed class BayeuxProjectOptions
{
    /// <summary>Id of the team, one path segment.</summary>
    public string Account { get; set; } = "";

    /// <summary>Id of the project, one path segment.</summary>
    public string Project { get; set; } = "";

    /// <summary>Whether its channels are served at all. Default: yes.</summary>
    public bool PushChannel { get; set; } = true;

    /// <summary>Whether its channels demand an access token; <see langword="null"/> as <see cref="BayeuxOptions.AuthorizationRequired"/> says.</summary>
    public bool? AuthorizationRequired { get; set; }

    /// <summary>Ids of the API keys whose secrets are access tokens of the project. Default: none.</summary>
    public IList<string> Keys { get; init; } = [];

    /// <summary>Its users. While there are none, every user of the instance belongs to the project, with the groups that the user has there.</summary>
    public IList<BayeuxUserOptions> Users { get; init; } = [];
}
