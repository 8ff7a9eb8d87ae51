namespace Channels.AspNetCore.Bayeux;

/// <summary>What a channel of this wire is for.</summary>
internal enum BayeuxChannelKind
{
    /// <summary>Publish and subscribe.</summary>
    Broadcast,

    /// <summary>A set of broadcast channels, for subscribing only.</summary>
    Pattern,

    /// <summary>From one client to the server; never distributed.</summary>
    Service,

    /// <summary>The protocol itself.</summary>
    Meta,
}
