namespace Channels.Storage.Sqlite.Ids;

/// <summary>Where a run begins, decided from what the database and the side file say of an instance.</summary>
/// <param name="Known">The last id that the database knows of.</param>
/// <param name="Start">The position that the run begins at; its first id is the next one.</param>
internal readonly record struct RunStart(long Known, long Start)
{
    /// <summary>The hole that the end of the run before left, if any.</summary>
    public IdHole? Hole => Start > Known + 1 ? new IdHole(new(Known), new(Start)) : null;

    /// <summary>Decides.</summary>
    /// <param name="database">What the database says; <see langword="null"/> when it does not know the instance.</param>
    /// <param name="side">What the side file says; <see langword="null"/> when it does not know the instance.</param>
    public static RunStart Decide(InstanceMark? database, IdRecord? side)
    {
        var known = database?.Head ?? 0;
        if (database is { IsClean: true } && side is { IsClean: true } && side.CleanHead == known)
        {
            return new(known, known);
        }

        // A side file that was closed cleanly knows the head exactly, whatever became of the database. Without one the database alone may be
        // an older copy, so even its exact head is not trusted.
        var fromSide = side is null ? 0 : side.IsClean ? side.CleanHead : side.ReservedThrough;
        var fromDatabase = database is { IsClean: true } && side is not null ? known : database?.ReservedThrough ?? 0;
        return new(known, Math.Max(known, Math.Max(fromSide, fromDatabase)));
    }
}
