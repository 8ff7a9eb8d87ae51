using Microsoft.Extensions.Logging;

namespace Channels.Storage.Sqlite;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Opened the database {Path}, schema version {Version}.", EventName = "StoreOpened")]
    public static partial void Opened(ILogger logger, string path, int version);

    [LoggerMessage(2, LogLevel.Warning, "Instance {Instance} was not closed cleanly, or its database or '.ids' file was replaced: ids between {After} and {Before} stay unused, and cursors there are told of a gap.", EventName = "IdHoleFound")]
    public static partial void HoleFound(ILogger logger, string instance, long after, long before);

    [LoggerMessage(3, LogLevel.Warning, "The side file {Path} is missing beside a database that has been used; it is made again from the database.", EventName = "IdFileMissing")]
    public static partial void IdFileMissing(ILogger logger, string path);

    [LoggerMessage(4, LogLevel.Warning, "The side file {Path} has {Count} damaged records; ids are skipped to be safe.", EventName = "IdFileDamaged")]
    public static partial void IdFileDamaged(ILogger logger, string path, int count);

    [LoggerMessage(5, LogLevel.Error, "A transaction failed and was rolled back.", EventName = "TransactionFailed")]
    public static partial void TransactionFailed(ILogger logger, Exception exception);

    [LoggerMessage(6, LogLevel.Warning, "The store could not be closed cleanly; the next start skips some ids.", EventName = "UncleanClose")]
    public static partial void UncleanClose(ILogger logger, Exception exception);
}
