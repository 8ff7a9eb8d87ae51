using Microsoft.Extensions.Logging;

namespace Channels.Engine;

/// <summary>
/// The dispatcher of one instance: hands messages on in id order. Whatever else has a place in that order (subscribing, ending, changes of
/// descriptors) happens under the same lock, and so between two ids.
/// </summary>
internal sealed partial class InstanceLog(string instance, EngineContext context, AccessGuard guard)
{
    private readonly Lock _gate = new();
    private readonly FeedTable _feeds = new();
    private readonly PatternTable _patterns = new();
    private readonly Dictionary<string, long> _deleted = new(StringComparer.Ordinal);
    private readonly ILogger _logger = context.Loggers.CreateLogger<InstanceLog>();
    private IReadOnlyList<IdHole> _holes = [];
    private Task? _opening;
    private long _position;
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

                Advance_NeedsLock(result.Head.Value);
                EndAppending_NeedsLock();
                return;
            }

            Keep_NeedsLock(result.Outcomes);
            EndAppending_NeedsLock();
        }

        CatchUp();
    }

    /// <summary>Makes a descriptor change take effect: whoever is no longer allowed gets nothing later than this point.</summary>
    /// <param name="name">Name of the channel.</param>
    /// <param name="changed">What rules it from now on.</param>
    /// <param name="kind">Whether it was created or changed.</param>
    public void ChannelChanged(string name, ResolvedChannel changed, ChannelEventKinds kind)
    {
        lock (_gate)
        {
            Tell_NeedsLock(kind, name, changed.Descriptor);
            foreach (var feed in Change_NeedsLock(name))
            {
                var address = feed.Address;
                feed.EndRefused(
                    _position, caller => guard.Redecide(caller, changed, address, ChannelOperations.Subscribe), PollOutcome.Refused);
                EndRefusedPresence_NeedsLock(
                    feed, caller => guard.Redecide(caller, changed, address, ChannelOperations.Presence), isDeleted: false);
            }
        }
    }

    /// <summary>Ends everything that reads a channel, because it was deleted.</summary>
    /// <param name="name">Name of the channel.</param>
    /// <param name="head">Head of the log after the deletion: messages up to it may have been deleted before they were handed on.</param>
    public void ChannelDeleted(string name, long head)
    {
        lock (_gate)
        {
            Tell_NeedsLock(ChannelEventKinds.ChannelDeleted, name, null);
            _published.RemoveChannel(name);
            var floor = Delete_NeedsLock(name, head);
            foreach (var feed in Change_NeedsLock(name))
            {
                Clear_NeedsLock(feed, floor);
            }
        }
    }

    /// <summary>Ends everything that reads an address, because its messages were removed.</summary>
    /// <param name="address">The address.</param>
    /// <param name="head">Head of the log after the removal.</param>
    /// <returns>Whether anything was known of it.</returns>
    public bool AddressCleared(in ChannelAddress address, long head)
    {
        lock (_gate)
        {
            var wasKnown = _published.Remove(address);
            ForgetMatches_NeedsLock(address.Channel);
            var floor = Delete_NeedsLock(address.Channel, head);
            if (_feeds.Find(address) is { } feed)
            {
                wasKnown |= feed.CountReaders() > 0 || feed.Presence is { State.Members.Count: > 0 };
                Clear_NeedsLock(feed, floor);
            }

            return wasKnown;
        }
    }

    /// <summary>Ends the waiting polls of revoked callers and the subscriptions that they made over connections of others, and lets nobody attach by what was decided before.</summary>
    public void Revoke(Func<ChannelCaller, bool> chosen)
    {
        lock (_gate)
        {
            guard.Invalidate();
            AccessStatus Refuse(ChannelCaller caller) => chosen(caller) ? AccessStatus.Forbidden : AccessStatus.Allowed;
            foreach (var feed in _feeds.All)
            {
                feed.AccessVersion = guard.Version;
                feed.EndRevoked(_position, chosen, Refused(AccessStatus.Forbidden));
                EndRefusedPresence_NeedsLock(feed, Refuse, isDeleted: false);
            }
        }
    }

    /// <summary>Answers every waiting poll. Those that are just being looked at find out themselves that the engine drains.</summary>
    public void Drain()
    {
        lock (_gate)
        {
            foreach (var feed in _feeds.All)
            {
                feed.EndPolls(static _ => true, Draining);
            }
        }
    }

    /// <summary>Forgets some addresses that nobody has used for a while; a few in each step, so that publishing is not held up.</summary>
    public void ForgetIdle(TimeSpan limit)
    {
        lock (_gate)
        {
            _feeds.ForgetIdle(context.Time.GetTimestamp(), limit);
        }
    }

    /// <summary>Until the log has been handed on so far, what follows is read from the store, which knows what was deleted.</summary>
    private long Delete_NeedsLock(string name, long head)
    {
        foreach (var (other, through) in _deleted)
        {
            if (through <= _position)
            {
                _deleted.Remove(other);
            }
        }

        return _deleted[name] = Math.Max(head, _position);
    }

    private void Clear_NeedsLock(AddressFeed feed, long floor)
    {
        feed.EndRefused(_position, static _ => AccessStatus.NotFound, PollOutcome.ChannelDeleted);
        EndRefusedPresence_NeedsLock(feed, static _ => AccessStatus.NotFound, isDeleted: true);
        feed.Clear(floor);
    }

    private void Tell_NeedsLock(ChannelEventKinds kind, string name, ChannelDescriptor? channel)
    {
        if (context.Events.Wants(kind))
        {
            context.Events.Report(context.Events.Now(kind, new ChannelAddress(name, Instance: instance)) with { Channel = channel });
        }
    }

    private IEnumerable<AddressFeed> Change_NeedsLock(string name)
    {
        guard.Changed(name);
        ForgetMatches_NeedsLock(name);
        foreach (var feed in _feeds.OfChannel(name))
        {
            feed.AccessVersion = guard.Version;
            yield return feed;
        }
    }

    private void ForgetMatches_NeedsLock(string name)
    {
        foreach (var pattern in _patterns.All)
        {
            pattern.Forget(name);
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
            lock (_gate)
            {
                _holes = head.Holes;
                Volatile.Write(ref _positionTicks, head.LastCreatedAt.UtcTicks);
                Advance_NeedsLock(head.Head.Value);
            }

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
        _published.Add(message.Address);
        foreach (var pattern in _patterns.Match(message.Address))
        {
            if (pattern.Wants(message.Address, _position) && GetFeed_NeedsLock(message.Address) is { } matched)
            {
                pattern.Attach(matched, _position);
            }
        }

        if (context.Events.Wants(ChannelEventKinds.Published))
        {
            context.Events.Report(context.Events.Now(ChannelEventKinds.Published, message.Address) with { Message = message });
        }

        if (_feeds.Find(message.Address) is { } feed)
        {
            if (feed.Append(message, out var isMarked))
            {
                WakeLater_NeedsLock(feed, isMarked);
            }

            context.Tails.Appended(feed);
        }

        Volatile.Write(ref _positionTicks, message.CreatedAt.UtcTicks);
        Advance_NeedsLock(message.Id);
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

        var floor = Math.Max(_position, _deleted.GetValueOrDefault(address.Channel));
        return _feeds.Add(new(context, this, address, floor) { AccessVersion = guard.Version });
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Reading the log failed; trying again at the next check.", EventName = "CatchUpFailed")]
        public static partial void CatchUpFailed(ILogger logger, Exception exception);

        [LoggerMessage(2, LogLevel.Warning, "Reading the head of the log failed; trying again at the next check.", EventName = "CheckFailed")]
        public static partial void CheckFailed(ILogger logger, Exception exception);
    }
}
