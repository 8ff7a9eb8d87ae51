namespace Channels;

/// <summary>A key of an administrator or of an application.</summary>
public sealed class ChannelKeyOptions
{
    /// <summary>Public id, at least one character.</summary>
    public string Id { get; set; } = "";

    /// <summary>The secret, at least 16 characters; compared without regard to case. Prefer <see cref="Sha256"/> outside development.</summary>
    public string? Secret { get; set; }

    /// <summary>SHA-256 of the secret in lower case, as 64 hexadecimal digits; instead of <see cref="Secret"/>.</summary>
    public string? Sha256 { get; set; }

    /// <summary>SHA-256 of a second secret that is valid too, for rotation.</summary>
    public string? NextSha256 { get; set; }

    /// <summary>Whether it is an administrator's key, good for every instance.</summary>
    public bool IsAdmin { get; set; }

    /// <summary>What the administrator may do. Default: everything.</summary>
    public AdminRole Role { get; set; } = AdminRole.Owner;

    /// <summary>Instance that an application's key is good for.</summary>
    public string Instance { get; set; } = ChannelAddress.DefaultInstance;

    /// <summary>Whether channel permissions do not bind it.</summary>
    public bool IgnoreAcl { get; set; }

    /// <summary>Whether it may read without a user what every user may read.</summary>
    public bool AllowAnonymousRead { get; set; }
}
