using System.Security.Claims;

namespace Channels;

/// <summary>What a front end received to tell who calls; parts that were absent are <see langword="null"/>.</summary>
public sealed record ChannelCredentials
{
    /// <summary>Instance that the request is for.</summary>
    public string Instance { get; init; } = ChannelAddress.DefaultInstance;

    /// <summary>Name of the front end, such as <c>syncano</c>.</summary>
    public required string FrontEnd { get; init; }

    /// <summary>Secret of an account or API key.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Secret of a user key; counts only together with an API key.</summary>
    public string? UserKey { get; init; }

    /// <summary>Bearer or access token.</summary>
    public string? Token { get; init; }

    /// <summary>Identity that the host's own authentication established; the front end has checked that it may count.</summary>
    public ClaimsPrincipal? Principal { get; init; }

    /// <summary>When <see cref="Principal"/> expires, UTC.</summary>
    public DateTimeOffset? PrincipalExpiresAt { get; init; }
}
