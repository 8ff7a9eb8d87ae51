namespace Channels.Storage.Sqlite.Ids;

/// <summary>What the database says of an instance's sequence.</summary>
/// <param name="Head">The last id known: of a stored message, or written when messages were removed or the store was closed.</param>
/// <param name="ReservedThrough">No id above this was given by the run that wrote it.</param>
/// <param name="IsClean">Whether <paramref name="Head"/> is exact because the store was closed cleanly.</param>
internal sealed record InstanceMark(long Head, long ReservedThrough, bool IsClean);
