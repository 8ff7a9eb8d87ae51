namespace Channels.AspNetCore.PushStream.Dashly;

/// <summary>Who may read the channels of one Dashly application.</summary>
public sealed class DashlyAppOptions
{
    /// <summary>Number of the application, digits.</summary>
    public string Id { get; set; } = "";

    /// <summary>Ids of the users whose tokens are good for it. Default: none.</summary>
    public IList<string> Users { get; init; } = [];

    /// <summary>Ids of the groups whose members' tokens are good for it. Default: none.</summary>
    public IList<string> Groups { get; init; } = [];
}
