namespace Channels;

/// <summary>Whether a caller may do on an address what was asked.</summary>
public enum AccessStatus
{
    /// <summary>Yes.</summary>
    Allowed,

    /// <summary>The instance does not exist.</summary>
    InstanceNotFound,

    /// <summary>The channel does not exist, or the caller's front end may not see it.</summary>
    NotFound,

    /// <summary>The caller may not.</summary>
    Forbidden,

    /// <summary>The channel has separate rooms and the address names none.</summary>
    RoomRequired,

    /// <summary>A name of the address is empty, too long or has forbidden characters.</summary>
    InvalidAddress,

    /// <summary>A limit of the engine is reached: subscriptions of the connection, waiters of the address or in all.</summary>
    LimitReached,

    /// <summary>The host is shutting down.</summary>
    Draining,

    /// <summary>The caller did too much lately; trying again after a while may succeed.</summary>
    Throttled,
}
