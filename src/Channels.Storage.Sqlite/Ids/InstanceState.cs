namespace Channels.Storage.Sqlite.Ids;

/// <summary>Sequence of one instance. All but <see cref="View"/> belongs to the writer thread.</summary>
internal sealed class InstanceState(string name)
{
    public const long NoRow = -1;

    private volatile InstanceView? _view;

    public string Name { get; } = name;

    public bool IsLoaded { get; set; }

    /// <summary>Number of the instance in the database, <see cref="NoRow"/> as long as it has none.</summary>
    public long Row { get; set; } = NoRow;

    /// <summary>Last id given, also by a transaction that is still open.</summary>
    public long Head { get; set; }

    /// <summary>Last id that a transaction has tried to give, also one that failed; such ids are not tried again.</summary>
    public long Tried { get; set; }

    /// <summary>Head after the last transaction that ended well.</summary>
    public long CommittedHead { get; set; }

    public long LastCreatedAt { get; set; }

    /// <summary>Ids up to here may be given; 0 until this run has reserved its first block.</summary>
    public long ReservedThrough { get; set; }

    public List<IdHole> Holes { get; set; } = [];

    /// <summary>The hole before this run, until it is in the database.</summary>
    public IdHole? UnsavedHole { get; set; }

    /// <summary>What readers see; <see langword="null"/> when it has to be read from the database first.</summary>
    public InstanceView? View => _view;

    /// <summary>Shows readers the state after a transaction.</summary>
    public void Publish()
    {
        CommittedHead = Head;
        _view = new InstanceView(Row, new StoreHead(new(Head), new DateTimeOffset(LastCreatedAt, TimeSpan.Zero), Holes));
    }

    /// <summary>After a transaction that failed: everything is read again before the next use.</summary>
    public void Invalidate() => _view = null;
}
