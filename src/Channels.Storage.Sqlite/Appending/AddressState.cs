namespace Channels.Storage.Sqlite.Appending;

/// <summary>What the writer remembers of an address.</summary>
internal sealed class AddressState(long id)
{
    public const long NoExpiry = long.MaxValue;

    public long Id { get; } = id;

    /// <summary>How many rows there are, with those that the current batch will remove.</summary>
    public long Rows { get; set; }

    /// <summary>How many rows remain after the current batch.</summary>
    public long Kept { get; set; }

    /// <summary>Nothing expires before this; as stored.</summary>
    public long NextExpiry { get; set; } = NoExpiry;
}
