namespace Channels.Engine;

/// <summary>Reading what other nodes wrote, and what a failed commit may have written.</summary>
internal sealed partial class InstanceLog
{
    private const int CatchUpPage = 512;
    private const int MaxTransients = 10_000;

    private readonly List<ChannelMessage> _transients = [];
    private TaskCompletionSource? _appended;
    private Task? _catchUp;
    private bool _missedSome;
    private bool _appendsTransients;
    private int _checking;
    private long _behindSince;

    /// <summary>How long the log has been ahead of what was handed on, as far as is known.</summary>
    public TimeSpan Lag
    {
        get
        {
            lock (_gate)
            {
                return _catchUp is null ? TimeSpan.Zero : context.Time.GetElapsedTime(_behindSince);
            }
        }
    }

    /// <summary>
    /// Called before a batch goes to the store. The log does not have transient messages, so that a reading of the log that comes upon
    /// their ids must wait until this node knows them.
    /// </summary>
    public void Appending(IReadOnlyList<AppendEntry> entries)
    {
        for (var i = 0; i < entries.Count; i++)
        {
            if (entries[i].IsTransient)
            {
                Volatile.Write(ref _appendsTransients, true);
                return;
            }
        }
    }

    /// <summary>What a failed commit stored is unknown, so that the log is read from where it was handed on.</summary>
    public void AppendFailed()
    {
        lock (_gate)
        {
            EndAppending_NeedsLock();
        }

        CatchUp();
    }

    /// <summary>Reads from the log what was not handed on yet; one reading at a time.</summary>
    /// <returns>Completes when the head that was there at the call has been handed on, or the store failed.</returns>
    public Task CatchUp()
    {
        lock (_gate)
        {
            _missedSome = true;
            if (_catchUp is null)
            {
                _behindSince = context.Time.GetTimestamp();
                _catchUp = Task.Run(CatchUpAsync);
            }

            return _catchUp;
        }
    }

    /// <summary>Reads on when the head of the log is ahead of what was handed on. One check at a time, should the store not answer.</summary>
    public async Task CheckAsync()
    {
        if (Interlocked.Exchange(ref _checking, 1) != 0)
        {
            return;
        }

        try
        {
            var head = await context.Messages.GetHeadAsync(instance, CancellationToken.None).ConfigureAwait(false);
            if (head.Head.Value > Position)
            {
                await CatchUp().ConfigureAwait(false);
            }
        }
#pragma warning disable CA1031 // a background tick goes on, whatever the store throws
        catch (Exception exception)
#pragma warning restore CA1031
        {
            context.Metrics.StoreFailed("check");
            Log.CheckFailed(_logger, exception);
        }
        finally
        {
            Volatile.Write(ref _checking, 0);
        }
    }

    private async Task CatchUpAsync()
    {
        try
        {
            while (await CatchUpPageAsync().ConfigureAwait(false))
            {
            }
        }
#pragma warning disable CA1031 // whatever the store throws: with a failed reading kept as the current one nothing would be handed on ever again
        catch (Exception exception)
#pragma warning restore CA1031
        {
            context.Metrics.StoreFailed("catch_up");
            Log.CatchUpFailed(_logger, exception);
            lock (_gate)
            {
                _catchUp = null;
            }
        }
    }

    private async ValueTask<bool> CatchUpPageAsync()
    {
        long after;
        lock (_gate)
        {
            _missedSome = false;
            after = _position;
        }

        var slice = await context.Messages.ReadInstanceAfterAsync(instance, new(after), CatchUpPage, CancellationToken.None).ConfigureAwait(false);
        await AppendedAsync().ConfigureAwait(false);
        var (used, removed) = await FindRemovedAsync(after, slice).ConfigureAwait(false);
        lock (_gate)
        {
            for (var i = 0; i < used.Count; i++)
            {
                Miss_NeedsLock(used[i], after, Math.Min(removed[i].Value, slice.Through.Value));
            }

            foreach (var message in Merge_NeedsLock(slice))
            {
                HandOn_NeedsLock(message);
            }

            Advance_NeedsLock(Math.Max(_position, slice.Through.Value));
            if (slice.Messages.Count >= CatchUpPage || _missedSome)
            {
                return true;
            }

            _catchUp = null;
            return false;
        }
    }

    /// <summary>
    /// Asks how far messages were removed, where the log lacks some that were never handed on: retention may have been faster than the reading of the
    /// log. Addresses that nobody waits on need not be asked for: what follows is read from the store.
    /// </summary>
    private async ValueTask<(List<AddressFeed> Used, IReadOnlyList<MessageCursor> Removed)> FindRemovedAsync(long after, MessageSlice slice)
    {
        List<AddressFeed> used = [];
        lock (_gate)
        {
            var through = slice.Through.Value;
            var known = slice.Messages.Count + _transients.Count(message => message.Id > after && message.Id <= through);
            if (known >= through - after)
            {
                return (used, []);
            }

            foreach (var feed in _feeds.All)
            {
                if (feed.IsAwaited)
                {
                    used.Add(feed);
                }
                else
                {
                    feed.Clear(Math.Max(feed.Floor, through));
                }
            }
        }

        if (used.Count == 0)
        {
            return (used, []);
        }

        var places = used.ConvertAll(feed => new ReadPosition(feed.Address, new(after)));
        var removed = await context.Messages.ReadAfterAsync(instance, places, limit: 1, CancellationToken.None).ConfigureAwait(false);
        return (used, removed.RemovedThrough);
    }

    /// <summary>Sends the readers of an address to the store, which tells them what they missed.</summary>
    private void Miss_NeedsLock(AddressFeed feed, long after, long removed)
    {
        if (removed > after && removed > feed.Floor && feed.Miss(removed))
        {
            WakeLater_NeedsLock(feed, isMarked: false);
        }
    }

    /// <summary>Completes when the append that runs now has ended, if it may give ids to transient messages.</summary>
    private Task AppendedAsync()
    {
        lock (_gate)
        {
            return Volatile.Read(ref _appendsTransients)
                ? (_appended ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task
                : Task.CompletedTask;
        }
    }

    private void EndAppending_NeedsLock()
    {
        _appendsTransients = false;
        _appended?.SetResult();
        _appended = null;
    }

    /// <summary>Keeps the transient messages of a batch until the log has been read up to them.</summary>
    private void Keep_NeedsLock(IReadOnlyList<AppendOutcome> outcomes)
    {
        foreach (var outcome in outcomes)
        {
            if (outcome is not { Status: AppendStatus.Stored, Message: { IsTransient: true } message })
            {
                continue;
            }

            if (_transients.Count == MaxTransients)
            {
                context.Metrics.LimitReached("transients");
                return;
            }

            _transients.Add(message);
        }
    }

    /// <summary>What the log has, with this node's own transient messages in their places.</summary>
    private List<ChannelMessage> Merge_NeedsLock(in MessageSlice slice)
    {
        var through = slice.Through.Value;
        var merged = slice.Messages.Concat(_transients.Where(message => message.Id <= through))
            .Where(message => message.Id > _position).OrderBy(message => message.Id).DistinctBy(message => message.Id).ToList();
        _transients.RemoveAll(message => message.Id <= through);
        return merged;
    }
}
