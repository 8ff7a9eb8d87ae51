namespace Channels.AspNetCore.Pusher.Api;

/// <summary>Attributes of a channel that a request may ask for.</summary>
[Flags]
internal enum PusherInfo
{
    None = 0,

    /// <summary>Users of a presence channel.</summary>
    UserCount = 1,

    /// <summary>Connections that are subscribed.</summary>
    SubscriptionCount = 2,

    /// <summary>The last event of a cache channel.</summary>
    Cache = 4,
}
