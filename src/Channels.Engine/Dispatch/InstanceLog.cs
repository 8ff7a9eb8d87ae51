using Microsoft.Extensions.Logging;

namespace Channels.Engine;

/// <summary>
/// The dispatcher of one instance: hands messages on in id order. Whatever else has a place in that order (subscribing, ending, changes of
/// descriptors) happens under the same lock, and so between two ids.
/// </summary>
internal sealed partial class InstanceLog(string instance, EngineContext context, AccessGuard guard)
{
    private const int CatchUpPage = 512;

    private readonly Lock _gate = new();
    private readonly FeedTable _feeds = new();
    private readonly List<PatternSubscription> _patterns = [];
    private readonly List<ChannelMessage> _transients = [];
    private Task? _opening;
    private readonly ILogger _logger = context.Loggers.CreateLogger<InstanceLog>();
    private IReadOnlyList<IdHole> _holes = [];
    private Task? _catchUp;
    private long _position;
    private bool _missedSome;
    private volatile bool _open;

    /// <summary>Id up to which everything has been handed on.</summary>
    public long Position => Volatile.Read(ref _position);

    public bool IsOpen => _open;

    public ValueTask OpenAsync(CancellationToken cancellationToken) => _open ? default : OpenSlowAsync(cancellationToken);

    /// <summary>Hands on what a batch of this node stored; when somebody else wrote before it, reads the log instead.</summary>
    public void Dispatch(in AppendResult result)
    {
        lock (_gate)
        {
            if (_catchUp is null && result.Previous.Value == _position)
            {
                foreach (var outcome in result.Outcomes)
                {
                    if (outcome is { Status: AppendStatus.Stored, Message: { } message })
                    {
                        HandOn_NeedsLock(message);
                    }
                }

                Volatile.Write(ref _position, result.Head.Value);
                return;
            }

            _transients.AddRange(result.Outcomes
                .Where(outcome => outcome is { Status: AppendStatus.Stored, Message.IsTransient: true }).Select(outcome => outcome.Message!));
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
            return _catchUp ??= Task.Run(CatchUpAsync);
        }
    }

    /// <summary>Where a subscription stands that starts in a given way.</summary>
    public async ValueTask<StartPosition> FindStartAsync(ChannelAddress address, SubscribeFrom from, CancellationToken cancellationToken)
    {
        switch (from.Kind)
        {
            case SubscribeFromKind.Oldest:
                return new(0, ToldOfGaps: false);
            case SubscribeFromKind.Cursor:
                if (from.Cursor.Value > Position)
                {
                    await CatchUp().WaitAsync(cancellationToken).ConfigureAwait(false);
                }

                return new(Math.Max(0, from.Cursor.Value), ToldOfGaps: true);
            case SubscribeFromKind.Time:
                var found = await context.Messages.FindAsync(instance, from.Time, cancellationToken).ConfigureAwait(false);
                return new(found.Value, ToldOfGaps: true);
            case SubscribeFromKind.Last:
                var newest = await context.Messages
                    .ReadPageAsync(new(address, false, default, null, OldestFirst: false, from.Count), cancellationToken).ConfigureAwait(false);
                return newest.Count == 0 ? new(null, false) : new(newest[^1].Id - 1, ToldOfGaps: false);
            default:
                return new(null, false);
        }
    }

    /// <summary>Attaches a connection to an address between two ids.</summary>
    /// <returns>Whether the decision still stood; otherwise it must be made again.</returns>
    public bool TryAttach(ChannelConnection connection, in AccessDecision decision, StartPosition start, out SubscribeResult result)
    {
        lock (_gate)
        {
            result = new(AccessStatus.Allowed, new(_position));
            if (decision.Version != guard.Version)
            {
                return false;
            }

            if (connection.Find(decision.Address) is not null)
            {
                return true;
            }

            if (GetFeed_NeedsLock(decision.Address) is not { } feed)
            {
                result = new(AccessStatus.LimitReached);
                return true;
            }

            var (after, gap) = Place_NeedsLock(start);
            var reader = new AddressReader(connection, context, feed, pattern: null);
            reader.StartAt(after, gap);
            if (!connection.TryAdd(reader))
            {
                result = new(connection.End == ConnectionEnd.None ? AccessStatus.LimitReached : AccessStatus.Draining);
                return true;
            }

            feed.Add(reader);
            result = new(AccessStatus.Allowed, new(after));
            return true;
        }
    }

    /// <summary>Carries out a decision about an address that a pattern attached.</summary>
    /// <returns>Whether the decision still stood.</returns>
    public bool TryResume(AddressReader reader, in AccessDecision decision)
    {
        lock (_gate)
        {
            if (decision.Version != guard.Version)
            {
                return false;
            }

            if (decision.Status == AccessStatus.Allowed)
            {
                reader.Resume();
                return true;
            }
        }

        reader.Detach();
        return true;
    }

    public long Add(PatternSubscription pattern)
    {
        lock (_gate)
        {
            _patterns.Add(pattern);
            return _position;
        }
    }

    public void Remove(PatternSubscription pattern)
    {
        lock (_gate)
        {
            _patterns.Remove(pattern);
        }
    }

    /// <summary>Makes a descriptor change take effect: whoever is no longer allowed gets nothing later than this point.</summary>
    /// <param name="name">Name of the channel.</param>
    /// <param name="changed">What rules it from now on; <see langword="null"/> when it was deleted.</param>
    public void ChannelChanged(string name, ResolvedChannel? changed)
    {
        lock (_gate)
        {
            guard.Changed(name);
            foreach (var pattern in _patterns)
            {
                pattern.Forget(name);
            }

            foreach (var feed in _feeds.OfChannel(name))
            {
                var address = feed.Address;
                feed.EndRefused(
                    _position,
                    caller => changed is null ? AccessStatus.NotFound : guard.Redecide(caller, changed, address),
                    reason => changed is null ? new(PollOutcome.ChannelDeleted) : new(PollOutcome.Refused, Access: reason));
                if (changed is null)
                {
                    feed.Clear(_position);
                }
            }
        }
    }

    /// <summary>Ends every waiting poll whose caller a predicate chooses.</summary>
    public void EndPolls(Func<ChannelCaller, bool> chosen, PollResult result)
    {
        lock (_gate)
        {
            foreach (var feed in _feeds.All)
            {
                feed.EndPolls(chosen, result);
            }
        }
    }

    /// <summary>Reads on when the head of the log is ahead of what was handed on.</summary>
    public async Task CheckAsync()
    {
        try
        {
            var head = await context.Messages.GetHeadAsync(instance, CancellationToken.None).ConfigureAwait(false);
            if (head.Head.Value > Position)
            {
                await CatchUp().ConfigureAwait(false);
            }
        }
        catch (ChannelsException exception)
        {
            context.Metrics.StoreFailed("check");
            Log.CheckFailed(_logger, exception);
        }
    }

    public void ForgetIdle(TimeSpan limit)
    {
        lock (_gate)
        {
            var now = context.Time.GetTimestamp();
            _feeds.Forget(feed => feed.IsIdle(now, limit));
        }
    }

    private async ValueTask OpenSlowAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource? mine = null;
        Task opening;
        lock (_gate)
        {
            // A failed opening is tried again by the next who comes.
            if (_opening is null or { IsFaulted: true })
            {
                mine = new(TaskCreationOptions.RunContinuationsAsynchronously);
                _opening = mine.Task;
            }

            opening = _opening;
        }

        if (mine is not null)
        {
            await ReadHeadAsync(mine).ConfigureAwait(false);
        }

        await opening.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask ReadHeadAsync(TaskCompletionSource opening)
    {
        try
        {
            var head = await context.Messages.GetHeadAsync(instance, CancellationToken.None).ConfigureAwait(false);
            _holes = head.Holes;
            Volatile.Write(ref _position, head.Head.Value);
            _open = true;
            opening.SetResult();
        }
        catch (Exception exception)
        {
            opening.SetException(exception);
        }
    }

    private void HandOn_NeedsLock(ChannelMessage message)
    {
        foreach (var pattern in _patterns)
        {
            if (pattern.Wants(message.Address) && GetFeed_NeedsLock(message.Address) is { } feed)
            {
                pattern.Attach(feed, _position);
            }
        }

        _feeds.Find(message.Address)?.Append(message);
        Volatile.Write(ref _position, message.Id);
    }

    private AddressFeed? GetFeed_NeedsLock(ChannelAddress address)
    {
        if (_feeds.Find(address) is { } known)
        {
            return known;
        }

        if (_feeds.Count >= context.Options.MaxActiveAddresses)
        {
            context.Metrics.LimitReached("active_addresses");
            return null;
        }

        return _feeds.Add(new(context, this, address, _position));
    }

    /// <summary>Places a start in the order and says whether something before it may be missing.</summary>
    private (long After, MessageGap? Gap) Place_NeedsLock(StartPosition start)
    {
        if (start.After is not { } after)
        {
            return (_position, null);
        }

        if (!start.ToldOfGaps)
        {
            return (after, null);
        }

        var gap = FindGap(after);
        context.Metrics.Resumed(complete: gap is null);
        return gap is null ? (after, null) : (Math.Min(after, _position), gap);
    }

    private MessageGap? FindGap(long after)
    {
        if (after > _position)
        {
            return new(new(after), new(_position));
        }

        foreach (var hole in _holes)
        {
            if (hole.Contains(new(after)))
            {
                return new(new(after), hole.Before);
            }
        }

        return null;
    }

    private async Task CatchUpAsync()
    {
        try
        {
            while (await CatchUpPageAsync().ConfigureAwait(false))
            {
            }
        }
        catch (ChannelsException exception)
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
        lock (_gate)
        {
            foreach (var message in Merge_NeedsLock(slice))
            {
                HandOn_NeedsLock(message);
            }

            Volatile.Write(ref _position, Math.Max(_position, slice.Through.Value));
            if (slice.Messages.Count >= CatchUpPage || _missedSome)
            {
                return true;
            }

            _catchUp = null;
            return false;
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

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Reading the log failed; trying again at the next check.", EventName = "CatchUpFailed")]
        public static partial void CatchUpFailed(ILogger logger, Exception exception);

        [LoggerMessage(2, LogLevel.Warning, "Reading the head of the log failed; trying again at the next check.", EventName = "CheckFailed")]
        public static partial void CheckFailed(ILogger logger, Exception exception);
    }
}
