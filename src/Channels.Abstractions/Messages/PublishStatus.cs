namespace Channels;

/// <summary>How publishing one draft ended.</summary>
public enum PublishStatus
{
    /// <summary>The message is stored with the store's durability, or is transient and has its place in the order.</summary>
    Published,

    /// <summary>The same key and payload were published before; the result carries that message.</summary>
    Duplicate,

    /// <summary>The same key was used before with another payload.</summary>
    KeyConflict,

    /// <summary>The instance does not exist.</summary>
    InstanceNotFound,

    /// <summary>The channel does not exist, or the caller's front end may not see it.</summary>
    NotFound,

    /// <summary>The caller may not publish there.</summary>
    Forbidden,

    /// <summary>The channel takes no messages from clients.</summary>
    ClientPublishDisabled,

    /// <summary>The channel has separate rooms and the address names none.</summary>
    RoomRequired,

    /// <summary>A name of the address is empty, too long or has forbidden characters.</summary>
    InvalidAddress,

    /// <summary>The payload is not one valid JSON value in UTF-8, or is nested too deep.</summary>
    InvalidPayload,

    /// <summary>The payload exceeds the engine's limit.</summary>
    PayloadTooLarge,

    /// <summary>Event name, key, excluded connection or attributes are malformed or too long.</summary>
    InvalidDraft,

    /// <summary>Another draft of the same request was refused, so this one was not tried.</summary>
    NotAttempted,

    /// <summary>Too much waits to be stored already; trying again later may succeed.</summary>
    Overloaded,

    /// <summary>The host is shutting down.</summary>
    Draining,

    /// <summary>The store failed. Whether the message is stored is unknown: repeat with the same idempotency key.</summary>
    OutcomeUnknown,

    /// <summary>The caller published too much lately; trying again after a while may succeed.</summary>
    Throttled,
}
