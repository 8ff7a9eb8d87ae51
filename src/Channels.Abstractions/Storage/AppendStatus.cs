namespace Channels;

/// <summary>What became of one entry of a batch.</summary>
public enum AppendStatus
{
    /// <summary>It has its id; and unless it is transient, it is stored.</summary>
    Stored,

    /// <summary>The same author used the same key with the same payload on the address before; the outcome carries that message.</summary>
    Duplicate,

    /// <summary>The same author used the same key with another payload on the address before.</summary>
    KeyConflict,

    /// <summary>The stored descriptor is not the version that the entry was authorized by.</summary>
    StaleDescriptor,

    /// <summary>The stored class is not the version that the change of an object was made for.</summary>
    StaleClass,

    /// <summary>The change of an object decided against itself; the outcome carries the decision.</summary>
    Refused,
}
