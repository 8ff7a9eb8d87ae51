namespace Channels.Engine;

/// <summary>What came of trying to park a poll.</summary>
internal enum ParkOutcome
{
    /// <summary>It waits.</summary>
    Parked,

    /// <summary>The tail had its message.</summary>
    Found,

    /// <summary>Its position is older than the tail.</summary>
    NeedsStore,

    /// <summary>The catalogue changed since it was authorized.</summary>
    AccessChanged,

    /// <summary>Too many wait already.</summary>
    LimitReached,

    /// <summary>Nobody waits any more.</summary>
    Draining,
}
