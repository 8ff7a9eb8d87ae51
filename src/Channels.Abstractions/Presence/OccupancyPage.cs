namespace Channels;

/// <summary>A page of the addresses on which somebody is.</summary>
/// <param name="Access">Whether the caller may know.</param>
/// <param name="Addresses">By channel, then room, compared by code unit.</param>
/// <param name="HasMore">Whether further addresses follow.</param>
public sealed record OccupancyPage(AccessStatus Access, IReadOnlyList<AddressOccupancy> Addresses, bool HasMore)
{
    /// <summary>Makes the page of a caller who was refused.</summary>
    /// <param name="access">Why.</param>
    public static OccupancyPage Refused(AccessStatus access) => new(access, [], HasMore: false);
}
