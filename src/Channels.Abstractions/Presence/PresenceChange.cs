namespace Channels;

/// <summary>One change among the members of an address; immutable and shared by all who are told.</summary>
/// <param name="Address">Where it happened.</param>
/// <param name="Version">Version of the members after it. Each change of an address has the version of the one before plus 1; other nodes count on their own.</param>
/// <param name="Kind">What changed.</param>
/// <param name="Member">Who joined or left; <see langword="null"/> with <see cref="PresenceChangeKind.Reset"/>.</param>
public sealed record PresenceChange(ChannelAddress Address, long Version, PresenceChangeKind Kind, PresenceMember? Member)
{
    /// <summary>All members at <see cref="Version"/>; only with <see cref="PresenceChangeKind.Reset"/>.</summary>
    public PresenceSnapshot? Snapshot { get; init; }
}
