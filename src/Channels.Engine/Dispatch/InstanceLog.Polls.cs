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
        switch (outcome)
        {
            case ParkOutcome.Parked:
                return waiter.Start(window, cancellationToken);
            case ParkOutcome.Found:
                context.Polls.Remove();
                return new(Found(message!, waiter.Gap));
            case ParkOutcome.LimitReached:
                context.Polls.Remove();
                context.Metrics.LimitReached("polls_per_address");
                return new(Refused(AccessStatus.LimitReached));
            default:
                return PollSlowAsync(waiter, window, cancellationToken);
        }
    }

    /// <summary>Parks a poll between two ids, if its authorization still stands.</summary>
    public ParkOutcome TryPark(PollWaiter waiter, int limit, out ChannelMessage? message)
    {
        lock (_gate)
        {
            message = null;
            return waiter.AccessVersion != guard.Version
                ? ParkOutcome.AccessChanged
                : waiter.Feed.TryPark(waiter, context.Time.GetUtcNow(), limit, out message);
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
            if (decision.Status != AccessStatus.Allowed)
            {
                return decision.Status == AccessStatus.NotFound ? new(PollOutcome.ChannelDeleted) : Refused(decision.Status);
            }

            waiter.AccessVersion = decision.Version;
            var (outcome, result) = await ReadAndParkAsync(waiter, int.MaxValue, CancellationToken.None).ConfigureAwait(false);
            if (outcome != ParkOutcome.AccessChanged)
            {
                return result;
            }
        }
    }

    private static PollResult Refused(AccessStatus status) => new(PollOutcome.Refused, Access: status);

    private static PollResult Found(ChannelMessage message, MessageGap? gap) => new(PollOutcome.Message, message, gap);

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

    /// <summary>Reads the store from the poll's position, and parks it when there is nothing.</summary>
    private async ValueTask<(ParkOutcome Outcome, PollResult? Result)> ReadAndParkAsync(
        PollWaiter waiter, int limit, CancellationToken cancellationToken)
    {
        while (true)
        {
            var slice = await context.Messages.ReadAfterAsync(
                instance, [new(waiter.Feed.Address, new(waiter.After))], limit: 1, cancellationToken).ConfigureAwait(false);
            if (waiter.Gap is null && slice.RemovedThrough[0].Value > waiter.After)
            {
                waiter.Gap = new(new(waiter.After), slice.RemovedThrough[0]);
            }

            if (slice.Messages.Count > 0)
            {
                return (ParkOutcome.Found, Found(slice.Messages[0], waiter.Gap));
            }

            waiter.After = Math.Max(waiter.After, slice.Through.Value);
            var outcome = TryPark(waiter, limit, out var message);
            switch (outcome)
            {
                case ParkOutcome.NeedsStore:
                    continue;
                case ParkOutcome.Found:
                    return (outcome, Found(message!, waiter.Gap));
                case ParkOutcome.LimitReached:
                    context.Metrics.LimitReached("polls_per_address");
                    return (outcome, Refused(AccessStatus.LimitReached));
                default:
                    return (outcome, null);
            }
        }
    }
}
