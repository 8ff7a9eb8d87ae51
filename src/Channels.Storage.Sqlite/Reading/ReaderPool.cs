using System.Collections.Concurrent;
using Channels.Storage.Sqlite.Connections;

namespace Channels.Storage.Sqlite.Reading;

/// <summary>
/// A bounded number of reading connections, opened as they are needed. A read is a short synchronous call into SQLite and runs on the
/// caller's thread: handing it to another one would cost more than most reads take. Only waiting for a free reader is asynchronous.
/// </summary>
internal sealed class ReaderPool(SqliteConnections connections, StoreErrors errors, int size) : IAsyncDisposable
{
    private readonly SemaphoreSlim _free = new(size, size);
    private readonly ConcurrentBag<ReaderSession> _idle = [];
    private volatile bool _isClosed;

    public async ValueTask<T> ReadAsync<T>(Func<ReaderSession, T> read, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_isClosed, typeof(SqliteStore));
            return Read(read);
        }
        finally
        {
            _free.Release();
        }
    }

    /// <summary>Waits for the reads under way, then closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        _isClosed = true;
        for (var i = 0; i < size; i++)
        {
            await _free.WaitAsync().ConfigureAwait(false);
        }

        while (_idle.TryTake(out var reader))
        {
            reader.Dispose();
        }

        // Reads that came too late find the pool closed.
        _free.Release(size);
    }

    private T Read<T>(Func<ReaderSession, T> read)
    {
        ReaderSession? reader = null;
        try
        {
            if (!_idle.TryTake(out reader))
            {
                reader = new ReaderSession(connections.OpenReading());
            }

            var result = read(reader);
            _idle.Add(reader);
            return result;
        }
        catch (Exception exception)
        {
            // A connection that has failed is not used again.
            reader?.Dispose();
            if (StoreErrors.IsStorageFailure(exception))
            {
                throw errors.ForCaller(exception, "read");
            }

            throw;
        }
    }
}
