namespace Channels.Storage.Sqlite.Opening;

/// <summary>Checks what can be said of a path before SQLite sees it, because SQLite says "unable to open database file" to all of it.</summary>
internal static class DatabasePath
{
    public static void Check(string path)
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

        if (File.Exists(path))
        {
            CheckWritable(path);
        }
    }

    private static void CheckWritable(string path)
    {
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
