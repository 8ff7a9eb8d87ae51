namespace Channels.Engine;

/// <summary>The subscriptions of an instance.</summary>
internal sealed partial class InstanceLog
{
    /// <summary>Where a subscription stands that starts in a given way.</summary>
    public async ValueTask<StartPosition> FindStartAsync(ChannelAddress address, SubscribeFrom from, CancellationToken cancellationToken)
    {
        switch (from.Kind)
        {
            case SubscribeFromKind.Oldest:
                return StartPosition.Oldest;
            case SubscribeFromKind.Cursor:
                return await ReachAsync(from.Cursor, cancellationToken).ConfigureAwait(false);
            case SubscribeFromKind.Time:
                var found = await context.Messages.FindAsync(instance, from.Time, cancellationToken).ConfigureAwait(false);
                return await ReachAsync(found, cancellationToken).ConfigureAwait(false);
            case SubscribeFromKind.Span:
                var seen = await FindInSpanAsync(from, cancellationToken).ConfigureAwait(false);
                return await ReachAsync(new(seen), cancellationToken).ConfigureAwait(false);
            case SubscribeFromKind.Last:
                var newest = await context.Messages
                    .ReadPageAsync(new(address, false, default, null, OldestFirst: false, from.Count), cancellationToken).ConfigureAwait(false);
                return newest.Count == 0 ? new(null, false) : new(newest[^1].Id - 1, ToldOfGaps: false);
            default:
                return new(null, false);
        }
    }

    /// <summary>Attaches a connection to an address between two ids.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="caller">Who subscribes.</param>
    /// <param name="decision">What was decided about that.</param>
    /// <param name="start">Where to start.</param>
    /// <param name="result">How it ended; only when the decision still stood.</param>
    /// <returns>Whether the decision still stood; otherwise it must be made again.</returns>
    public bool TryAttach(
        ChannelConnection connection, ChannelCaller caller, in AccessDecision decision, StartPosition start, out SubscribeResult result)
    {
        lock (_gate)
        {
            result = new(AccessStatus.Allowed, new(_position)) { CreatedAt = PositionTime };
            if (decision.Version != guard.Version)
            {
                return false;
            }

            var attached = connection.Find(decision.Address);
            var isLive = attached is { EndReason: AccessStatus.Allowed };
            if (isLive && attached!.Owner is null)
            {
                attached.Caller = caller;
                return true;
            }

            if (isLive && start.After is null)
            {
                // What a pattern had attached becomes a subscription of its own, without a seam.
                result = connection.TryOwn(attached!, caller) ? result : Refusal(connection);
                return true;
            }

            if (GetFeed_NeedsLock(decision.Address) is not { } feed)
            {
                result = new(AccessStatus.LimitReached);
                return true;
            }

            var (after, gap) = start.After is null && attached?.Unmatched is { } missed ? (missed.After, missed.Gap) : Place_NeedsLock(start);
            var reader = new AddressReader(connection, caller, context, feed, owner: null);
            reader.StartAt(after, gap, startsAnywhere: start == StartPosition.Oldest);
            if (!TryAdd(reader, attached))
            {
                result = Refusal(connection);
            }
            else if (start.After is not null || after < _position)
            {
                result = new(AccessStatus.Allowed, new(after));
            }

            if (Complete < _position)
            {
                // What was published already may not be complete before somebody else is woken.
                WakeLater_NeedsLock(feed, isMarked: true);
            }

            return true;
        }
    }

    /// <summary>Adds a reader to its feed and its connection.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="replaced">The reader of the same address whose place it takes, if any.</param>
    public static bool TryAdd(AddressReader reader, AddressReader? replaced)
    {
        // In this order: a connection that closes between the two removes from its feeds whatever it has.
        reader.Feed.Add(reader);
        if (!reader.Connection.TryAdd(reader, replaced))
        {
            reader.Feed.Remove(reader);
            return false;
        }

        replaced?.Stop();
        replaced?.Feed.Remove(replaced);
        return true;
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

        Detach(reader, isRefused: true);
        return true;
    }

    /// <summary>Detaches a reader that has ended or was refused; what a pattern missed because it was still there comes now.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="isRefused">Whether its pattern was refused.</param>
    public void Detach(AddressReader reader, bool isRefused)
    {
        lock (_gate)
        {
            if (!reader.Connection.TryDetach(reader, isRefused) || reader.Unmatched is not { } missed)
            {
                return;
            }

            reader.Connection.Match(reader.Feed, missed);
            if (Complete < _position)
            {
                WakeLater_NeedsLock(reader.Feed, isMarked: true);
            }
        }
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

    private static SubscribeResult Refusal(ChannelConnection connection) =>
        new(connection.End == ConnectionEnd.None ? AccessStatus.LimitReached : AccessStatus.Draining);

    /// <summary>Another node, or an append that is just being handed on, may be ahead of this node's dispatcher.</summary>
    private async ValueTask<StartPosition> ReachAsync(MessageCursor cursor, CancellationToken cancellationToken)
    {
        if (cursor.Value > Position)
        {
            await CatchUp().WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        return new(Math.Max(0, cursor.Value), ToldOfGaps: true);
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
}
