namespace Channels;

/// <summary>A user known by a key.</summary>
public sealed class ChannelUserOptions
{
    /// <summary>Id of the person, at least one character.</summary>
    public string Id { get; set; } = "";

    /// <summary>Instance that the user belongs to.</summary>
    public string Instance { get; set; } = ChannelAddress.DefaultInstance;

    /// <summary>The secret, at least 16 characters; compared without regard to case. Prefer <see cref="Sha256"/> outside development.</summary>
    public string? Secret { get; set; }

    /// <summary>SHA-256 of the secret in lower case, as 64 hexadecimal digits; instead of <see cref="Secret"/>.</summary>
    public string? Sha256 { get; set; }

    /// <summary>SHA-256 of a second secret that is valid too, for rotation.</summary>
    public string? NextSha256 { get; set; }

    /// <summary>Access tokens of the user for front ends that use tokens, at least 8 characters each, compared exactly; a user needs a token or a key. For development.</summary>
    public IList<string> Tokens { get; init; } = [];

    /// <summary>Ids of the groups that the user belongs to.</summary>
    public IList<string> Groups { get; init; } = [];
}
