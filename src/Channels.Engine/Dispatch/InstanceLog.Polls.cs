namespace Channels.Engine;

/// <summary>The polls of an instance.</summary>
internal sealed partial class InstanceLog
{
    /// <summary>Returns the first message after a position, or waits for one.</summary>
    public ValueTask<PollResult> PollAsync(
        ChannelCaller caller, in AccessDecision decision, MessageCursor? after, TimeSpan window, CancellationToken cancellationToken)
    {
        if (!context.Polls.TryAdd(context.Options.MaxPolls))
        {
            context.Metrics.LimitReached("polls");
            return new(Refused(AccessStatus.LimitReached));
        }

        if (MakeWaiter(caller, [decision.Address], decision.Version) is not { } waiter)
        {
            context.Polls.Remove();
            return new(Refused(AccessStatus.LimitReached));
        }

        StartAt(waiter, after);
        var outcome = TryPark(waiter, woken: null, context.Options.MaxPollsPerAddress, out var message);
        if (outcome == ParkOutcome.Parked)
        {
            return waiter.Start(window, cancellationToken);
        }

        if (outcome is ParkOutcome.NeedsStore or ParkOutcome.AccessChanged)
        {
            return PollSlowAsync(waiter, window, cancellationToken);
        }

        context.Polls.Remove();
        return new(ToResult(outcome, waiter, message)!);
    }

    /// <summary>Finds a poll's message or parks it between two ids, if its authorization still stands.</summary>
    /// <param name="waiter">The poll.</param>
    /// <param name="woken">The address that it was woken by, whose list no longer has it; otherwise none has it yet, unless it is being looked at again.</param>
    /// <param name="limit">How many polls may wait on an address.</param>
    /// <param name="message">The message that was found.</param>
    public ParkOutcome TryPark(PollWaiter waiter, AddressFeed? woken, int limit, out ChannelMessage? message)
    {
        lock (_gate)
        {
            message = null;
            if (context.IsDraining)
            {
                return ParkOutcome.Draining;
            }

            if (woken is not null && waiter.IsLooking)
            {
                // What it was woken for is found by whoever looks, who parks it under this lock.
                woken.Park(waiter.Ticket);
                return ParkOutcome.Parked;
            }

            var outcome = Look_NeedsLock(waiter, limit, out message);
            if (woken is not null && outcome != ParkOutcome.Found)
            {
                woken.Park(waiter.Ticket);
                waiter.IsLooking = outcome != ParkOutcome.Parked;
            }
            else if (outcome == ParkOutcome.Parked)
            {
                Park_NeedsLock(waiter);
            }

            return outcome;
        }
    }

    /// <summary>Decides and reads again for a poll that could not simply go on waiting.</summary>
    /// <returns>How it ended; <see langword="null"/> when it waits.</returns>
    public async ValueTask<PollResult?> LookAgainAsync(PollWaiter waiter)
    {
        while (true)
        {
            if (await DecideAgainAsync(waiter).ConfigureAwait(false) is { } refusal)
            {
                return refusal;
            }

            var (outcome, result) = await ReadAndParkAsync(waiter, int.MaxValue, CancellationToken.None).ConfigureAwait(false);
            if (outcome != ParkOutcome.AccessChanged)
            {
                return result;
            }
        }
    }

    private static PollResult Draining { get; } = new(PollOutcome.Draining);

    private static PollResult Refused(AccessStatus status) => new(PollOutcome.Refused, Access: status);

    private static PollResult Found(ChannelMessage message, MessageGap? gap) => new(PollOutcome.Message, message, gap);

    /// <summary>How a poll ends that was not parked; <see langword="null"/> when it waits or must be looked at again.</summary>
    private PollResult? ToResult(ParkOutcome outcome, PollWaiter waiter, ChannelMessage? message)
    {
        switch (outcome)
        {
            case ParkOutcome.Found:
                return Found(message!, waiter.Gap);
            case ParkOutcome.Draining:
                return Draining;
            case ParkOutcome.LimitReached:
                context.Metrics.LimitReached("polls_per_address");
                return Refused(AccessStatus.LimitReached);
            default:
                return null;
        }
    }

    /// <returns>How the poll ends; <see langword="null"/> when all its addresses may still be read.</returns>
    private async ValueTask<PollResult?> DecideAgainAsync(PollWaiter waiter)
    {
        var version = long.MaxValue;
        for (var i = 0; i < waiter.Feeds.Length; i++)
        {
            var address = waiter.Feeds[i].Address;
            var decision = await guard
                .AuthorizeAsync(waiter.Caller, address, ChannelOperations.Subscribe, allRooms: false, CancellationToken.None).ConfigureAwait(false);
            if (decision.Status == AccessStatus.NotFound || (decision.Status == AccessStatus.Allowed && decision.Address != address))
            {
                return new(PollOutcome.ChannelDeleted, Address: address);
            }

            if (decision.Status != AccessStatus.Allowed)
            {
                return new(PollOutcome.Refused, Access: decision.Status, Address: address);
            }

            version = Math.Min(version, decision.Version);
        }

        waiter.AccessVersion = version;
        return null;
    }

    private ParkOutcome Look_NeedsLock(PollWaiter waiter, int limit, out ChannelMessage? message)
    {
        message = null;
        if (!TryRenew_NeedsLock(waiter))
        {
            return ParkOutcome.LimitReached;
        }

        if (!waiter.IsAuthorized)
        {
            return ParkOutcome.AccessChanged;
        }

        if (!waiter.TryFind(context.Time.GetUtcNow(), woken: null, from: null, out message))
        {
            message = null;
            return ParkOutcome.NeedsStore;
        }

        if (message is not null)
        {
            return ParkOutcome.Found;
        }

        return IsFull(waiter, limit) ? ParkOutcome.LimitReached : ParkOutcome.Parked;
    }

    /// <summary>Addresses may have been idle while the poll was on its way: what is published from now on goes to others in their place.</summary>
    private bool TryRenew_NeedsLock(PollWaiter waiter)
    {
        foreach (ref var feed in waiter.Feeds)
        {
            if (feed.IsForgotten)
            {
                if (GetFeed_NeedsLock(feed.Address) is not { } renewed)
                {
                    return false;
                }

                feed = renewed;
            }
        }

        return true;
    }

    private static bool IsFull(PollWaiter waiter, int limit)
    {
        foreach (var feed in waiter.Feeds)
        {
            if (limit < int.MaxValue && feed.IsFull(limit))
            {
                return true;
            }
        }

        return false;
    }

    private static void Park_NeedsLock(PollWaiter waiter)
    {
        if (waiter.IsLooking)
        {
            // It was in all lists while it was looked at.
            waiter.IsLooking = false;
            return;
        }

        foreach (var feed in waiter.Feeds)
        {
            feed.Park(waiter.Ticket);
        }
    }

    private PollWaiter? MakeWaiter(ChannelCaller caller, ReadOnlySpan<ChannelAddress> addresses, long accessVersion)
    {
        var feeds = new AddressFeed[addresses.Length];
        lock (_gate)
        {
            for (var i = 0; i < feeds.Length; i++)
            {
                if (GetFeed_NeedsLock(addresses[i]) is not { } feed)
                {
                    return null;
                }

                feeds[i] = feed;
            }
        }

        return new(context, feeds, caller, accessVersion);
    }

    private void StartAt(PollWaiter waiter, MessageCursor? after)
    {
        lock (_gate)
        {
            waiter.After = Math.Max(0, after?.Value ?? _position);
            if (after is not null && waiter.After <= _position)
            {
                waiter.Gap = FindGap(waiter.After);
            }
        }
    }

    private async ValueTask<PollResult> PollSlowAsync(PollWaiter waiter, TimeSpan window, CancellationToken cancellationToken)
    {
        var parked = false;
        try
        {
            var (outcome, result) = await ReadAndParkAsync(waiter, context.Options.MaxPollsPerAddress, cancellationToken).ConfigureAwait(false);
            if (outcome == ParkOutcome.AccessChanged)
            {
                result = await LookAgainAsync(waiter).ConfigureAwait(false);
            }

            parked = result is null;
            return result ?? await waiter.Start(window, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (!parked)
            {
                context.Polls.Remove();
            }
        }
    }

    /// <summary>Parks a poll, after reading the store where the tail does not reach back to its position.</summary>
    private async ValueTask<(ParkOutcome Outcome, PollResult? Result)> ReadAndParkAsync(
        PollWaiter waiter, int limit, CancellationToken cancellationToken)
    {
        while (true)
        {
            var outcome = TryPark(waiter, woken: null, limit, out var message);
            if (outcome != ParkOutcome.NeedsStore)
            {
                return (outcome, ToResult(outcome, waiter, message));
            }

            var after = new long[waiter.Feeds.Length];
            after.AsSpan().Fill(waiter.After);
            var reading = new MergedReading(instance, context, waiter.Feeds.ToArray(), after, Position, limit: 1);
            await reading.ReadAsync(cancellationToken).ConfigureAwait(false);
            if (!IsAuthorized(waiter))
            {
                return (ParkOutcome.AccessChanged, null);
            }

            if (reading.RemovedThrough > waiter.After)
            {
                waiter.TellMissed(reading.RemovedThrough);
            }

            if (reading.Messages.Count > 0)
            {
                return (ParkOutcome.Found, Found(reading.Messages[0], waiter.Gap));
            }

            waiter.After = Math.Max(waiter.After, reading.Through);
        }
    }

    /// <summary>Whether what was read before the call was read by an authorization that still stood.</summary>
    private bool IsAuthorized(PollWaiter waiter)
    {
        lock (_gate)
        {
            var isForgotten = false;
            foreach (var feed in waiter.Feeds)
            {
                isForgotten |= feed.IsForgotten;
            }

            return waiter.IsAuthorized && !isForgotten;
        }
    }
}
