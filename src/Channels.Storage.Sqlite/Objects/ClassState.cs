namespace Channels.Storage.Sqlite.Objects;

/// <summary>What the writer remembers of a class.</summary>
internal sealed class ClassState(long row, long version, long count)
{
    public long Row { get; } = row;

    public long Version { get; } = version;

    /// <summary>How many objects it has, with those of the current batch.</summary>
    public long Count { get; set; } = count;
}
