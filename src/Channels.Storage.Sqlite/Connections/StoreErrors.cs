using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Channels.Storage.Sqlite.Connections;

/// <summary>Turns what SQLite and the file system say into an exception that names the file and what to do.</summary>
internal sealed class StoreErrors(string path)
{
    /// <summary>Whether a failure is one of storage rather than a mistake in the program.</summary>
    public static bool IsStorageFailure(Exception exception) =>
        exception is SqliteException or IOException or UnauthorizedAccessException;

    /// <summary>Makes the exception for a caller; what is not a failure of storage stays as it is.</summary>
    /// <param name="exception">What happened.</param>
    /// <param name="action">What was tried: "open", "read" or "write".</param>
    public Exception ForCaller(Exception exception, string action) => exception switch
    {
        SqliteException sqlite => new ChannelStoreException($"Could not {action} the database '{path}': {Explain(sqlite)}", sqlite),
        _ when IsStorageFailure(exception) => new ChannelStoreException(
            $"Could not {action} the database '{path}': {exception.Message} Check the folder's permissions and free space.", exception),
        _ => exception,
    };

    private static string Explain(SqliteException exception) => exception.SqliteErrorCode switch
    {
        raw.SQLITE_NOTADB => "the file is not a SQLite database. Name another file, or restore a backup.",
        raw.SQLITE_CORRUPT => "the file is damaged. Stop the application and restore a backup (keep the '.ids' file beside it).",
        raw.SQLITE_FULL => "the disk is full or the configured MaxDatabaseBytes is reached. Free space, shorten retention or raise the limit.",
        raw.SQLITE_READONLY => "it is read-only. Give the process write access to the file and its folder.",
        raw.SQLITE_CANTOPEN or raw.SQLITE_PERM or raw.SQLITE_AUTH =>
            "the file or its '-wal' and '-shm' companions cannot be opened. Give the process write access to the file and its folder.",
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => "another program holds a lock on it. End that program, or raise BusyTimeout.",
        raw.SQLITE_IOERR => $"the disk reported an error ({exception.SqliteExtendedErrorCode}). Check the disk and its free space.",
        _ => exception.Message,
    };
}
