using Microsoft.Extensions.Logging;

namespace Channels.Engine;

/// <summary>
/// The only place where messages of an instance get their ids. One commit at a time: who comes while none runs commits at once, without a
/// hop where the store answers at once; who comes meanwhile waits and shares the next commit.
/// </summary>
internal sealed partial class AppendQueue(string instance, EngineContext context, InstanceLog log)
{
    private const long NotTimed = -1;

    private readonly Lock _gate = new();
    private readonly ILogger _logger = context.Loggers.CreateLogger<AppendQueue>();
    private readonly Queue<PendingAppend> _waiting = new();
    private long _waitingBytes;
    private bool _committing;

    /// <summary>How many payload bytes wait, and for how long the oldest of them.</summary>
    public (long Bytes, TimeSpan Age) Waiting
    {
        get
        {
            lock (_gate)
            {
                return (_waitingBytes, _waiting.TryPeek(out var oldest) ? context.Time.GetElapsedTime(oldest.Since) : TimeSpan.Zero);
            }
        }
    }

    /// <summary>Appends entries in one transaction and hands them on.</summary>
    /// <param name="entries">Entries that share a transaction.</param>
    /// <param name="cancellationToken">Abandons the wait, not the append.</param>
    /// <returns>One outcome for each entry; <see langword="null"/> when too much waits already.</returns>
    /// <exception cref="ChannelStoreException">The commit failed; whether the entries are stored is unknown.</exception>
    public ValueTask<IReadOnlyList<AppendOutcome>?> AppendAsync(IReadOnlyList<AppendEntry> entries, CancellationToken cancellationToken)
    {
        PendingAppend pending;
        lock (_gate)
        {
            if (!_committing)
            {
                // Under the lock on purpose: a store that answers at once, as memory does, is then used in turns without a thread hop.
                _committing = true;
                return CommitAlone(entries, cancellationToken);
            }

            pending = new(entries, context.Time.GetTimestamp());
            if (_waitingBytes + pending.Bytes > context.Options.MaxAppendQueueBytes)
            {
                context.Metrics.LimitReached("append_queue");
                return new((IReadOnlyList<AppendOutcome>?)null);
            }

            _waitingBytes += pending.Bytes;
            context.AddWaitingBytes(pending.Bytes);
            _waiting.Enqueue(pending);
        }

        return new(pending.Task.WaitAsync(cancellationToken));
    }

    private ValueTask<IReadOnlyList<AppendOutcome>?> CommitAlone(IReadOnlyList<AppendEntry> entries, CancellationToken cancellationToken)
    {
        ValueTask<AppendResult> append;
        var started = context.Metrics.TimesAppend ? context.Time.GetTimestamp() : NotTimed;
        log.Appending(entries);
        try
        {
            append = context.Messages.AppendAsync(instance, entries, CancellationToken.None);
        }
        catch (Exception exception)
        {
            append = ValueTask.FromException<AppendResult>(exception);
        }

        if (!append.IsCompletedSuccessfully)
        {
            return new(FinishAloneAsync(append, entries.Count, started).WaitAsync(cancellationToken));
        }

        try
        {
            var result = append.Result;
            log.Dispatch(result);
            Committed(entries.Count, started);
            return new(result.Outcomes);
        }
        finally
        {
            GoOn();
        }
    }

    private async Task<IReadOnlyList<AppendOutcome>?> FinishAloneAsync(ValueTask<AppendResult> append, int count, long started)
    {
        try
        {
            var result = await append.ConfigureAwait(false);
            log.Dispatch(result);
            Committed(count, started);
            return result.Outcomes;
        }
        catch (Exception exception)
        {
            Failed(exception);
            throw AsStoreException(exception);
        }
        finally
        {
            GoOn();
        }
    }

    /// <summary>Lets the next commit begin; on the pool, so that a publisher is not kept for the sake of others.</summary>
    private void GoOn()
    {
        lock (_gate)
        {
            if (_waiting.Count == 0)
            {
                _committing = false;
                return;
            }
        }

        ThreadPool.UnsafeQueueUserWorkItem(static queue => _ = queue.CommitWaitingAsync(), this, preferLocal: false);
    }

    private async Task CommitWaitingAsync()
    {
        while (TakeBatch() is { } batch)
        {
            var entries = batch.Count == 1 ? batch[0].Entries : [.. batch.SelectMany(pending => pending.Entries)];
            try
            {
                var started = context.Metrics.TimesAppend ? context.Time.GetTimestamp() : NotTimed;
                log.Appending(entries);
                var result = await context.Messages.AppendAsync(instance, entries, CancellationToken.None).ConfigureAwait(false);
                log.Dispatch(result);
                Committed(entries.Count, started);
                Answer(batch, result.Outcomes);
            }
#pragma warning disable CA1031 // whatever the store throws must be told to those who wait, and must not stop the queue
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Failed(exception);
                batch.ForEach(pending => pending.TrySetException(AsStoreException(exception)));
            }
        }
    }

    private static void Answer(List<PendingAppend> batch, IReadOnlyList<AppendOutcome> outcomes)
    {
        if (batch.Count == 1)
        {
            batch[0].SetResult(outcomes);
            return;
        }

        var at = 0;
        foreach (var pending in batch)
        {
            var own = new AppendOutcome[pending.Entries.Count];
            for (var i = 0; i < own.Length; i++)
            {
                own[i] = outcomes[at++];
            }

            pending.SetResult(own);
        }
    }

    private List<PendingAppend>? TakeBatch()
    {
        lock (_gate)
        {
            if (_waiting.Count == 0)
            {
                _committing = false;
                return null;
            }

            var batch = new List<PendingAppend>();
            var count = 0;
            while (_waiting.TryPeek(out var next) && (count == 0 || count + next.Entries.Count <= context.Options.MaxAppendBatch))
            {
                batch.Add(_waiting.Dequeue());
                count += next.Entries.Count;
                _waitingBytes -= next.Bytes;
                context.AddWaitingBytes(-next.Bytes);
            }

            return batch;
        }
    }

    private void Committed(int count, long started)
    {
        if (context.AppendFailedAt != long.MinValue)
        {
            context.AppendFailedAt = long.MinValue;
        }

        if (started != NotTimed)
        {
            context.Metrics.Appended(count, context.Time.GetElapsedTime(started));
        }
    }

    private void Failed(Exception exception)
    {
        context.AppendFailedAt = context.Time.GetTimestamp();
        context.Metrics.StoreFailed("append");
        Log.AppendFailed(_logger, exception);
        log.AppendFailed();
    }

    private static ChannelStoreException AsStoreException(Exception exception) =>
        exception as ChannelStoreException ?? new ChannelStoreException("Appending to the store failed.", exception);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Appending failed; publishers are told that the outcome is unknown.", EventName = "AppendFailed")]
        public static partial void AppendFailed(ILogger logger, Exception exception);
    }
}
