namespace Channels;

/// <summary>Changes of presence in their order.</summary>
/// <param name="Entries">The entries, by sequence.</param>
/// <param name="Through">Sequence up to which nothing is missing; where reading goes on.</param>
/// <param name="StartsAnew">Whether the position was so old that absences are forgotten: the entries are everybody who is there, whatever the limit.</param>
public sealed record PresenceSlice(IReadOnlyList<PresenceEntry> Entries, long Through, bool StartsAnew = false);
