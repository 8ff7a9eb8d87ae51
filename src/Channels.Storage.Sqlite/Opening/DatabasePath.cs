namespace Channels.Storage.Sqlite.Opening;

/// <summary>Checks what can be said of a path before SQLite sees it, because SQLite says "unable to open database file" to all of it.</summary>
internal static class DatabasePath
{
    /// <summary>Gives the path of the file itself, so that two names of one file have one lock.</summary>
    public static string Resolve(string path) =>
        File.Exists(path) ? File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path : path;

    public static void CheckPlace(string path)
    {
        if (Directory.Exists(path))
        {
            throw new ChannelStoreException($"The database path '{path}' is a folder. Name a file in it, such as 'channels.db'.");
        }

        var folder = Path.GetDirectoryName(path);
        if (!Directory.Exists(folder))
        {
            throw new ChannelStoreException($"The folder '{folder}' of the database '{path}' does not exist. Make it, or name another path.");
        }
    }

    /// <summary>
    /// Checks that the file, if there is one, may be written. Only under the store's lock: closing a file lets go of all locks that SQLite
    /// holds on it in this process.
    /// </summary>
    public static void CheckWritable(string path)
    {
        if (!File.Exists(path))
        {
            return;
        }

        try
        {
            using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new ChannelStoreException(
                $"The database '{path}' is read-only for this process. Give it write access to the file and its folder.", exception);
        }
    }
}
