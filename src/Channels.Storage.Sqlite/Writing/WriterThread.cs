using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Channels.Storage.Sqlite.Writing;

/// <summary>The one thread on which everything that writes to SQLite blocks. Work is done in the order in which it was added.</summary>
internal sealed class WriterThread : IAsyncDisposable
{
    private const int MostSharing = 64;
    private readonly BlockingCollection<WriteWork> _queue = [];
    private readonly TaskCompletionSource<StoreWriter> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<WriteWork> _sharing = [];
    private readonly ILogger _logger;

    private WriterThread(ILogger logger) => _logger = logger;

    /// <summary>Starts the thread and opens the database on it.</summary>
    public static async Task<(WriterThread Thread, StoreWriter Writer)> StartAsync(Func<StoreWriter> open, ILogger logger)
    {
        var writer = new WriterThread(logger);
        new Thread(() => writer.Run(open)) { IsBackground = true, Name = "Channels SQLite writer" }.Start();
        return (writer, await writer._opened.Task.ConfigureAwait(false));
    }

    /// <summary>Adds work.</summary>
    /// <exception cref="ObjectDisposedException">The store is closed.</exception>
    public void Add(WriteWork work)
    {
        try
        {
            _queue.Add(work);
        }
        catch (InvalidOperationException)
        {
            throw new ObjectDisposedException(nameof(SqliteStore));
        }
    }

    /// <summary>Does what was added before, then closes the database.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.CompleteAdding();
        await _ended.Task.ConfigureAwait(false);
        _queue.Dispose();
    }

    private void Run(Func<StoreWriter> open)
    {
        StoreWriter writer;
        try
        {
            writer = open();
        }
        catch (Exception exception)
        {
            _ended.SetResult();
            _opened.SetException(exception);
            return;
        }

        _opened.SetResult(writer);
        DoWork(writer);
        Close(writer);
        _ended.SetResult();
    }

    private void DoWork(StoreWriter writer)
    {
        WriteWork? next = null;
        while (next is not null || _queue.TryTake(out next, Timeout.Infinite))
        {
            next = CollectSharing(next);
            Do(writer, _sharing);
            _sharing.Clear();
        }
    }

    // Returns work that was taken but cannot share.
    private WriteWork? CollectSharing(WriteWork first)
    {
        _sharing.Add(first);
        while (first.CanShare && _sharing.Count < MostSharing && _queue.TryTake(out var next))
        {
            if (!next.CanShare)
            {
                return next;
            }

            _sharing.Add(next);
        }

        return null;
    }

    private static void Do(StoreWriter writer, List<WriteWork> sharing)
    {
        sharing.RemoveAll(static work => work.TryCancel());
        var isCommitting = false;
        try
        {
            writer.Begin();
            sharing.ForEach(work => work.Do(writer));
            isCommitting = true;
            writer.Commit();
        }
        catch (Exception exception)
        {
            writer.Abort(exception);
            if (sharing.Count > 1 && !isCommitting)
            {
                // One of them must not fail the others.
                sharing.ForEach(work => Do(writer, [work]));
                return;
            }

            sharing.ForEach(work => work.Fail(exception));
            return;
        }

        sharing.ForEach(static work => work.Complete());
    }

    private void Close(StoreWriter writer)
    {
        try
        {
            using (writer)
            {
                writer.Close();
            }
        }
        catch (Exception exception)
        {
            Log.UncleanClose(_logger, exception);
        }
    }
}
