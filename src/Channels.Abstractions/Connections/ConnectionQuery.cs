namespace Channels;

/// <summary>Which connections are meant: those that fit everything that is given.</summary>
public sealed record ConnectionQuery
{
    /// <summary>Largest permitted <see cref="Limit"/>.</summary>
    public const int MaxLimit = 1000;

    /// <summary>Only connections of this instance.</summary>
    public string? Instance { get; init; }

    /// <summary>Only connections whose caller is this user.</summary>
    public string? UserId { get; init; }

    /// <summary>Only connections of this protocol.</summary>
    public string? Protocol { get; init; }

    /// <summary>Only connections that receive this address.</summary>
    public ChannelAddress? Address { get; init; }

    /// <summary>Only connections opened after the one with this id, which may be gone; counts for lists only.</summary>
    public string? AfterId { get; init; }

    /// <summary>How many at most, 0–1,000; counts for lists only.</summary>
    public int Limit { get; init; } = 100;
}
