namespace Channels;

/// <summary>What changed among the members of an address.</summary>
public enum PresenceChangeKind
{
    /// <summary>The first connection of a member joined.</summary>
    Added,

    /// <summary>The last connection of a member left, and its grace is over.</summary>
    Removed,

    /// <summary>More changed than is remembered: <see cref="PresenceChange.Snapshot"/> takes the place of everything before.</summary>
    Reset,
}
