namespace Channels;

/// <summary>A connection as it was at one moment. Holds no secret of its front end.</summary>
/// <param name="Id">Public id.</param>
/// <param name="Protocol">Name of the wire protocol.</param>
/// <param name="Caller">Who the client is.</param>
/// <param name="Instance">Instance that it uses; <see langword="null"/> as long as that is not known.</param>
/// <param name="Since">When it was opened, UTC.</param>
public sealed record ConnectionInfo(string Id, string Protocol, ChannelCaller Caller, string? Instance, DateTimeOffset Since)
{
    /// <summary>Addresses that it receives, also by patterns that matched.</summary>
    public IReadOnlyList<ChannelAddress> Subscriptions { get; init; } = [];

    /// <summary>Its patterns.</summary>
    public IReadOnlyList<string> Patterns { get; init; } = [];

    /// <summary>Addresses on which it is of a member.</summary>
    public IReadOnlyList<ChannelAddress> Presences { get; init; } = [];

    /// <summary>What it lags behind, together with what its front end holds for it.</summary>
    public ConnectionQueue Queue { get; init; }
}
