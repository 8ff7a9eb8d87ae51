namespace Channels.Storage.Sqlite.Opening;

/// <summary>
/// The exclusive operating-system lock on <c>&lt;database&gt;.lock</c>. It ends with the process, however that ends; the empty file stays.
/// </summary>
internal static class StoreLock
{
    private const int WindowsSharingViolation = unchecked((int)0x80070020);
    private const int LinuxWouldBlock = 11;
    private const int MacWouldBlock = 35;
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>Takes the lock, waiting for another holder.</summary>
    /// <exception cref="ChannelStoreException">Somebody else held it for the whole time.</exception>
    public static async Task<FileStream> AcquireAsync(string databasePath, TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        var path = databasePath + ".lock";
        var started = time.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1);
            }
            catch (IOException exception) when (IsHeldByAnother(exception))
            {
                if (time.GetElapsedTime(started) >= timeout)
                {
                    throw new ChannelStoreException(
                        $"The database '{databasePath}' is in use by another process or another store of this process: the lock '{path}' was not " +
                        $"free within {timeout}. Stop the other one, give each its own file, or raise LockTimeout.",
                        exception);
                }
            }

            await Task.Delay(RetryInterval, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private static bool IsHeldByAnother(IOException exception) =>
        exception.HResult is WindowsSharingViolation or LinuxWouldBlock or MacWouldBlock;
}
