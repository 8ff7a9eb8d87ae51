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

        if (MakeWaiter(caller, decision, after) is not { } waiter)
        {
            context.Polls.Remove();
            return new(Refused(AccessStatus.LimitReached));
        }

        var outcome = TryPark(waiter, context.Options.MaxPollsPerAddress, out var message);
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

    /// <summary>Parks a poll between two ids, if its authorization still stands.</summary>
    public ParkOutcome TryPark(PollWaiter waiter, int limit, out ChannelMessage? message)
    {
        lock (_gate)
        {
            message = null;
            if (context.IsDraining)
            {
                return ParkOutcome.Draining;
            }

            if (waiter.Feed.IsForgotten)
            {
                // It was idle while the poll was on its way: what is published from now on goes to another one.
                if (GetFeed_NeedsLock(waiter.Feed.Address) is not { } feed)
                {
                    return ParkOutcome.LimitReached;
                }

                waiter.Feed = feed;
            }

            return waiter.IsAuthorized ? waiter.Feed.TryPark(waiter, context.Time.GetUtcNow(), limit, out message) : ParkOutcome.AccessChanged;
        }
    }

    /// <summary>Decides and reads again for a poll that could not simply go on waiting.</summary>
    /// <returns>How it ended; <see langword="null"/> when it waits.</returns>
    public async ValueTask<PollResult?> LookAgainAsync(PollWaiter waiter)
    {
        while (true)
        {
            var decision = await guard.AuthorizeAsync(
                waiter.Caller, waiter.Feed.Address, ChannelOperations.Subscribe, allRooms: false, CancellationToken.None).ConfigureAwait(false);
            if (decision.Status == AccessStatus.NotFound || (decision.Status == AccessStatus.Allowed && decision.Address != waiter.Feed.Address))
            {
                return new(PollOutcome.ChannelDeleted);
            }

            if (decision.Status != AccessStatus.Allowed)
            {
                return Refused(decision.Status);
            }

            waiter.AccessVersion = decision.Version;
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

    private PollWaiter? MakeWaiter(ChannelCaller caller, in AccessDecision decision, MessageCursor? after)
    {
        lock (_gate)
        {
            if (GetFeed_NeedsLock(decision.Address) is not { } feed)
            {
                return null;
            }

            var waiter = new PollWaiter(context, feed, caller, Math.Max(0, after?.Value ?? _position), decision.Version);
            if (after is not null && waiter.After <= _position)
            {
                waiter.Gap = FindGap(waiter.After);
            }

            return waiter;
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
            var outcome = TryPark(waiter, limit, out var message);
            if (outcome != ParkOutcome.NeedsStore)
            {
                return (outcome, ToResult(outcome, waiter, message));
            }

            // Everything later than the floor comes from the tail, which has transient messages too and nothing that is not handed on yet.
            var floor = waiter.Feed.Floor;
            var slice = await context.Messages.ReadAfterAsync(
                instance, [new(waiter.Feed.Address, new(waiter.After))], limit: 1, cancellationToken).ConfigureAwait(false);
            if (!IsAuthorized(waiter))
            {
                return (ParkOutcome.AccessChanged, null);
            }

            if (Math.Min(slice.RemovedThrough[0].Value, floor) is var removed && removed > waiter.After)
            {
                waiter.TellMissed(removed);
            }

            if (slice.Messages.Count > 0 && slice.Messages[0].Id <= floor)
            {
                return (ParkOutcome.Found, Found(slice.Messages[0], waiter.Gap));
            }

            waiter.After = Math.Max(waiter.After, floor);
        }
    }

    /// <summary>Whether what was read before the call was read by an authorization that still stood.</summary>
    private bool IsAuthorized(PollWaiter waiter)
    {
        lock (_gate)
        {
            return waiter.IsAuthorized && !waiter.Feed.IsForgotten;
        }
    }
}
