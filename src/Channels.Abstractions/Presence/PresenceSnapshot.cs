namespace Channels;

/// <summary>Who is present on an address at one version; immutable, and the same object for everybody who asks at that version.</summary>
/// <param name="Version">Version of the members: changes with a greater one come after it.</param>
/// <param name="Members">The members, by id, compared by code unit.</param>
public sealed record PresenceSnapshot(long Version, IReadOnlyList<PresenceMember> Members)
{
    /// <summary>How many members there are.</summary>
    public int Count => Members.Count;
}
