using Dapper;
using Microsoft.Data.Sqlite;

namespace Channels.Storage.Sqlite.Connections;

/// <summary>Opens connections to one database file.</summary>
internal sealed class SqliteConnections(string path, SqliteStorageOptions options)
{
    /// <summary>Opens a connection that may write, without changing the file.</summary>
    public SqliteConnection OpenWriting() => Open(SqliteOpenMode.ReadWriteCreate);

    /// <summary>Opens a connection that only reads.</summary>
    public SqliteConnection OpenReading() => Open(SqliteOpenMode.ReadOnly);

    /// <summary>Sets what the writing connection needs.</summary>
    public void Configure(SqliteConnection connection)
    {
        var mode = connection.ExecuteScalar<string>("PRAGMA journal_mode = WAL");
        if (!string.Equals(mode, "wal", StringComparison.OrdinalIgnoreCase))
        {
            throw new ChannelStoreException(
                $"The file system of '{path}' does not allow a write-ahead log (journal mode stayed '{mode}'); use a local disk.");
        }

        connection.Execute($"PRAGMA synchronous = {(int)options.Synchronous}; PRAGMA temp_store = MEMORY");
        if (options.MaxDatabaseBytes is { } bytes)
        {
            var pageSize = connection.ExecuteScalar<long>("PRAGMA page_size");
            connection.Execute($"PRAGMA max_page_count = {bytes / pageSize}");
        }
    }

    private SqliteConnection Open(SqliteOpenMode mode)
    {
        var seconds = (int)Math.Max(1, Math.Ceiling(options.BusyTimeout.TotalSeconds));
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = mode,
            Pooling = false,
            DefaultTimeout = seconds,
        }.ToString());
        try
        {
            connection.Open();
            connection.Execute($"PRAGMA busy_timeout = {(long)options.BusyTimeout.TotalMilliseconds}");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
