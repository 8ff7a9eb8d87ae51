namespace Channels;

/// <summary>A page of the members of an address.</summary>
/// <param name="Access">Whether the caller may see them.</param>
/// <param name="Version">Version of the members.</param>
/// <param name="Count">How many members there are in all.</param>
/// <param name="Members">The page, by id, compared by code unit.</param>
/// <param name="HasMore">Whether further members follow.</param>
public sealed record PresencePage(AccessStatus Access, long Version, int Count, IReadOnlyList<PresenceMember> Members, bool HasMore)
{
    /// <summary>Makes the page of a caller who was refused.</summary>
    /// <param name="access">Why.</param>
    public static PresencePage Refused(AccessStatus access) => new(access, 0, 0, [], HasMore: false);
}
