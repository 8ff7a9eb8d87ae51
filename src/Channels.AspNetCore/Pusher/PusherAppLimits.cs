namespace Channels.AspNetCore.Pusher;

/// <summary>Limits of an app; the defaults are those of the hosted service. Source: docs/protocols/pusher.md#limits</summary>
public sealed class PusherAppLimits
{
    /// <summary>Longest channel name, prefix included, in characters. Default 200; 1 to 255.</summary>
    public int MaxChannelNameLength { get; set; } = 200;

    /// <summary>Longest event name, in characters. Default 200; 1 to 200.</summary>
    public int MaxEventNameLength { get; set; } = 200;

    /// <summary>Largest data of an event, in bytes of UTF-8. Default 10,240; 1 to 1,048,576. The engine's own limit counts too.</summary>
    public int MaxEventBytes { get; set; } = 10 * 1024;

    /// <summary>Most channels of one event. Default 100; 1 to 1,000.</summary>
    public int MaxChannelsPerEvent { get; set; } = 100;

    /// <summary>Most events of one batch. Default 10; 1 to 1,000.</summary>
    public int MaxEventsPerBatch { get; set; } = 10;

    /// <summary>Most users of one presence channel. Default 100; 1 to 1,000,000.</summary>
    public int MaxPresenceMembers { get; set; } = 100;

    /// <summary>Longest id of a user, in characters. Default 128; 1 to 128.</summary>
    public int MaxUserIdLength { get; set; } = 128;

    /// <summary>Largest <c>user_info</c> of a member, in bytes of JSON. Default 1,024; 2 to 65,536.</summary>
    public int MaxUserInfoBytes { get; set; } = 1024;

    /// <summary>Events that one connection may send in a second, also at once. Default 10; 1 to 10,000.</summary>
    public int ClientEventsPerSecond { get; set; } = 10;

    /// <summary>Users of one watchlist that are watched. Default 100; 0 to 1,000.</summary>
    public int MaxWatchlist { get; set; } = 100;
}
