using Channels.Storage.Sqlite.Connections;
using Channels.Storage.Sqlite.Ids;
using Channels.Storage.Sqlite.Reading;
using Channels.Storage.Sqlite.Writing;
using Dapper;
using Microsoft.Extensions.Logging;

namespace Channels.Storage.Sqlite.Opening;

/// <summary>An open database: its lock, its writer and its readers.</summary>
internal sealed class Database : IAsyncDisposable
{
    private readonly FileStream _lock;
    private readonly WriterThread _thread;
    private readonly StoreWriter _writer;
    private readonly ReaderPool _readers;
    private readonly StoreErrors _errors;

    private Database(FileStream @lock, WriterThread thread, StoreWriter writer, ReaderPool readers, StoreErrors errors)
    {
        _lock = @lock;
        _thread = thread;
        _writer = writer;
        _readers = readers;
        _errors = errors;
    }

    /// <summary>Takes the lock and opens the files.</summary>
    public static async Task<Database> OpenAsync(
        string path, SqliteStorageOptions options, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        var errors = new StoreErrors(path);
        FileStream? held = null;
        try
        {
            path = DatabasePath.Resolve(path);
            DatabasePath.CheckPlace(path);
            held = await StoreLock.AcquireAsync(path, options.LockTimeout, time, cancellationToken).ConfigureAwait(false);
            DatabasePath.CheckWritable(path);
            var connections = new SqliteConnections(path, options);
            var (thread, writer) = await WriterThread
                .StartAsync(() => OpenWriter(path, connections, options, time, logger), logger)
                .ConfigureAwait(false);
            Log.Opened(logger, path, Schema.Version);
            return new Database(held, thread, writer, new ReaderPool(connections, errors, options.MaxReaders), errors);
        }
        catch (Exception exception)
        {
            if (held is not null)
            {
                await held.DisposeAsync().ConfigureAwait(false);
            }

            if (StoreErrors.IsStorageFailure(exception))
            {
                throw errors.ForCaller(exception, "open");
            }

            throw;
        }
    }

    public Task<AppendResult> AppendAsync(string instance, IReadOnlyList<AppendEntry> batch, CancellationToken cancellationToken)
    {
        var work = new AppendWork(instance, batch, _errors, cancellationToken);
        _thread.Add(work);
        return work.Task;
    }

    public Task<T> WriteAsync<T>(Func<StoreWriter, T> body, CancellationToken cancellationToken)
    {
        var work = new DelegateWork<T>(body, _errors, cancellationToken);
        _thread.Add(work);
        return work.Task;
    }

    public ValueTask<T> ReadAsync<T>(Func<ReaderSession, T> read, CancellationToken cancellationToken) =>
        _readers.ReadAsync(read, cancellationToken);

    /// <summary>Finds where an instance stands; always before reading its messages, so that a snapshot is not older than the head.</summary>
    public ValueTask<InstanceView> ViewAsync(string instance, CancellationToken cancellationToken) =>
        _writer.Instances.FindView(instance) is { } view
            ? new(view)
            : new(WriteAsync(writer => writer.ReadView(instance), cancellationToken));

    /// <summary>Ends reads, does the writes that were accepted, writes the heads, closes the files and lets go of the lock.</summary>
    public async ValueTask DisposeAsync()
    {
        await _readers.DisposeAsync().ConfigureAwait(false);
        await _thread.DisposeAsync().ConfigureAwait(false);
        await _lock.DisposeAsync().ConfigureAwait(false);
    }

    private static StoreWriter OpenWriter(
        string path, SqliteConnections connections, SqliteStorageOptions options, TimeProvider time, ILogger logger)
    {
        var connection = connections.OpenWriting();
        IdFile? ids = null;
        try
        {
            Schema.Check(connection, path);
            connections.Configure(connection);
            Schema.Migrate(connection);
            ids = OpenIds(path + ".ids", options.IdBlockSize, logger);
            if (!ids.Existed && connection.ExecuteScalar<long>("SELECT count(*) FROM instances") > 0)
            {
                Log.IdFileMissing(logger, path + ".ids");
            }

            return new StoreWriter(connection, ids, options, time, logger);
        }
        catch
        {
            ids?.Dispose();
            connection.Dispose();
            throw;
        }
    }

    private static IdFile OpenIds(string path, int blockSize, ILogger logger)
    {
        var ids = IdFile.Open(path, blockSize);
        if (ids.DamagedRecords > 0)
        {
            Log.IdFileDamaged(logger, path, ids.DamagedRecords);
        }

        return ids;
    }
}
