using System.Collections.Frozen;

namespace Channels.Engine;

/// <summary>What the keys of one id give, and by which secrets.</summary>
/// <param name="Facts">Everything that decides what a caller may, as one text to compare.</param>
/// <param name="Hashes">Hashes of the secrets that are valid.</param>
internal sealed record KeyRights(string Facts, FrozenSet<string> Hashes)
{
    /// <summary>Whether whoever used the keys before may go on: the rights are the same, and some secret is.</summary>
    public bool Continues(KeyRights before) => Facts == before.Facts && Hashes.Overlaps(before.Hashes);
}
