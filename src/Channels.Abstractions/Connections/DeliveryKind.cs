namespace Channels;

/// <summary>What a delivery tells.</summary>
public enum DeliveryKind
{
    /// <summary>A message.</summary>
    Message,

    /// <summary>Messages are missing here; reading goes on behind them.</summary>
    Gap,

    /// <summary>The subscription ended: the channel was deleted (<see cref="AccessStatus.NotFound"/>) or access was withdrawn.</summary>
    SubscriptionEnded,

    /// <summary>A change among the members of an address that the connection watches.</summary>
    Presence,
}
