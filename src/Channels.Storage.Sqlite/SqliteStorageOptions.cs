using Microsoft.Data.Sqlite;

namespace Channels.Storage.Sqlite;

/// <summary>Where and how messages and descriptors are kept in a SQLite file.</summary>
public sealed class SqliteStorageOptions
{
    /// <summary>
    /// Connection string of which <c>Data Source</c> counts, the path of the file; default <c>Data Source=channels.db</c>. The folder must
    /// exist, the file is made when it does not. Must not name an in-memory, shared-cache or read-only database.
    /// </summary>
    public string ConnectionString { get; set; } = "Data Source=channels.db";

    /// <summary>Path of the file, as part of <see cref="ConnectionString"/>; a relative path starts at the current directory.</summary>
    /// <exception cref="ArgumentException">The connection string cannot be parsed.</exception>
    public string DataSource
    {
        get => new SqliteConnectionStringBuilder(ConnectionString).DataSource;
        set => ConnectionString = new SqliteConnectionStringBuilder(ConnectionString) { DataSource = value }.ToString();
    }

    /// <summary>What an acknowledged message survives; default <see cref="SqliteSynchronous.Full"/>.</summary>
    public SqliteSynchronous Synchronous { get; set; } = SqliteSynchronous.Full;

    /// <summary>How long a statement waits for a lock that a foreign tool holds on the database; default 5 s, 0 s to 1 h.</summary>
    public TimeSpan BusyTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long opening waits for another process to let go of the database; default 10 s, 0 s to 1 h.</summary>
    public TimeSpan LockTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How many ids of an instance are reserved at a time, and at most skipped after an unclean end; default 10,000, 1 to 100,000,000.</summary>
    public int IdBlockSize { get; set; } = 10_000;

    /// <summary>How many reads run at a time; further ones wait; default 4, 1 to 256.</summary>
    public int MaxReaders { get; set; } = 4;

    /// <summary>
    /// Largest size of the database file in bytes, rounded down to whole pages; at least 131,072; default <see langword="null"/>, no limit.
    /// When it is reached, appends fail until messages are removed. The write-ahead log beside the file does not count.
    /// </summary>
    public long? MaxDatabaseBytes { get; set; }
}
