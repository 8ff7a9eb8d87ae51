namespace Channels;

/// <summary>How an operation on data objects ended.</summary>
public enum ObjectStatus
{
    /// <summary>It was done, and with it the notification of a bound object was published.</summary>
    Done,

    /// <summary>The instance does not exist.</summary>
    InstanceNotFound,

    /// <summary>The class does not exist.</summary>
    ClassNotFound,

    /// <summary>The object does not exist, or the caller may not see it.</summary>
    NotFound,

    /// <summary>The caller may not.</summary>
    Forbidden,

    /// <summary>The draft has mistakes; the result lists them.</summary>
    Invalid,

    /// <summary>The object has another revision than the one expected; the result carries the object as it is.</summary>
    RevisionMismatch,

    /// <summary>The caller may not publish to the channel of the object, or the channel is not there any more.</summary>
    ChannelForbidden,

    /// <summary>The object would be larger than a message may be.</summary>
    TooLarge,

    /// <summary>The class has as many objects as it may have.</summary>
    LimitReached,

    /// <summary>Too much waits to be stored already; trying again later may succeed.</summary>
    Overloaded,

    /// <summary>The host is shutting down.</summary>
    Draining,

    /// <summary>The store failed. Whether the change is stored is unknown; if it is, so is its notification.</summary>
    OutcomeUnknown,

    /// <summary>The caller changed or published too much lately; trying again after a while may succeed.</summary>
    Throttled,
}
