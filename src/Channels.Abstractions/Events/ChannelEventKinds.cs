namespace Channels;

/// <summary>What happened; handlers name a set of kinds, an event has one.</summary>
[Flags]
public enum ChannelEventKinds
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>A channel was stored by this node.</summary>
    ChannelCreated = 1,

    /// <summary>A stored channel was changed by this node.</summary>
    ChannelUpdated = 1 << 1,

    /// <summary>A stored channel was deleted by this node.</summary>
    ChannelDeleted = 1 << 2,

    /// <summary>The first connection reads an address, or the first member is there. Waiting polls do not count.</summary>
    Occupied = 1 << 3,

    /// <summary>No connection reads an address any more, and no member is there.</summary>
    Vacated = 1 << 4,

    /// <summary>A member came.</summary>
    MemberAdded = 1 << 5,

    /// <summary>A member left.</summary>
    MemberRemoved = 1 << 6,

    /// <summary>A message was handed on.</summary>
    Published = 1 << 7,

    /// <summary>A client asked a front end for the latest message of an address that has none.</summary>
    CacheMiss = 1 << 8,

    /// <summary>A connection was opened.</summary>
    ConnectionOpened = 1 << 9,

    /// <summary>A connection ended.</summary>
    ConnectionClosed = 1 << 10,

    /// <summary>The engine has more to do than it manages; see <see cref="IChannelLoad"/>.</summary>
    OverloadEntered = 1 << 11,

    /// <summary>The engine manages again.</summary>
    OverloadLeft = 1 << 12,

    /// <summary>One more or one fewer connection reads an address. Waiting polls do not count.</summary>
    SubscriptionsChanged = 1 << 13,

    /// <summary>Everything.</summary>
    All = (1 << 14) - 1,
}
