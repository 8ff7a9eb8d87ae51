namespace Channels.Engine;

/// <summary>Polls over several addresses.</summary>
internal sealed partial class InstanceLog
{
    /// <summary>Stands for the position at which a poll begins.</summary>
    private const long FromNow = -1;

    /// <summary>Returns all messages after positions in several addresses, or waits for the first one.</summary>
    public ValueTask<PollBatch> PollManyAsync(
        ChannelCaller caller, IReadOnlyList<PollTarget> targets, PollManyOptions options, CancellationToken cancellationToken)
    {
        var window = options.Window ?? context.Options.PollWindow;

        // In two parts, so that nothing of what beginning needs stays while the poll waits.
        return WaitAsync(BeginAsync(caller, targets, options, window > TimeSpan.Zero, cancellationToken), window, cancellationToken);
    }

    private static async ValueTask<PollBatch> WaitAsync(
        ValueTask<(PollBatch? Batch, PollWaiter? Waiter)> beginning, TimeSpan window, CancellationToken cancellationToken)
    {
        var (batch, waiter) = await beginning.ConfigureAwait(false);
        return batch ?? ToBatch(await waiter!.Start(window, cancellationToken).ConfigureAwait(false), waiter);
    }

    /// <returns>How the poll ended, or the poll that waits.</returns>
    private async ValueTask<(PollBatch? Batch, PollWaiter? Waiter)> BeginAsync(
        ChannelCaller caller, IReadOnlyList<PollTarget> targets, PollManyOptions options, bool waits, CancellationToken cancellationToken)
    {
        await OpenAsync(cancellationToken).ConfigureAwait(false);
        if (targets.Count > context.Options.MaxSubscriptions || !context.Polls.TryAdd(context.Options.MaxPolls))
        {
            context.Metrics.LimitReached(targets.Count > context.Options.MaxSubscriptions ? "subscriptions" : "polls");
            return (Ended(PollOutcome.Refused, AccessStatus.LimitReached), null);
        }

        PollBatch? batch = null;
        var isParked = false;
        try
        {
            PollWaiter? waiter;
            do
            {
                (batch, waiter) = await TryBeginAsync(caller, targets, options, waits, cancellationToken).ConfigureAwait(false);
            }
            while (batch is null && waiter is null);

            isParked = batch is null;
            return (batch, waiter);
        }
        finally
        {
            if (!isParked)
            {
                context.Polls.Remove();
            }
        }
    }

    /// <returns>Neither a batch nor a poll when the authorization did not stand any more.</returns>
    private async ValueTask<(PollBatch? Batch, PollWaiter? Waiter)> TryBeginAsync(
        ChannelCaller caller, IReadOnlyList<PollTarget> targets, PollManyOptions options, bool waits, CancellationToken cancellationToken)
    {
        var allowed = await DecideAsync(caller, targets, cancellationToken).ConfigureAwait(false);
        if (allowed.Addresses.Length == 0)
        {
            return (Ended(PollOutcome.Refused, allowed.Refusal), null);
        }

        var starts = new long[allowed.Addresses.Length];
        for (var i = 0; i < starts.Length; i++)
        {
            var start = await FindStartAsync(allowed.Addresses[i], allowed.Froms[i], cancellationToken).ConfigureAwait(false);
            starts[i] = start.After ?? FromNow;
        }

        if (MakeWaiter(caller, allowed.Addresses, allowed.Version) is not { } waiter)
        {
            return (Ended(PollOutcome.Refused, AccessStatus.LimitReached), null);
        }

        while (true)
        {
            var outcome = TryPark(waiter, starts, waits, out var position);
            switch (outcome)
            {
                case ParkOutcome.Parked:
                    return waits ? (null, waiter) : (new(PollOutcome.WindowClosed, [], position), null);
                case ParkOutcome.AccessChanged:
                    return default;
                case ParkOutcome.Draining:
                    return (Ended(PollOutcome.Draining), null);
                case ParkOutcome.LimitReached:
                    context.Metrics.LimitReached("polls_per_address");
                    return (Ended(PollOutcome.Refused, AccessStatus.LimitReached), null);
            }

            var reading = new MergedReading(instance, context, waiter.Feeds.ToArray(), starts, position.Cursor.Value, options.MaxMessages);
            await reading.ReadAsync(cancellationToken).ConfigureAwait(false);
            if (!IsAuthorized(waiter))
            {
                return default;
            }

            if (reading.Messages.Count > 0)
            {
                return (Found(reading.Messages, options.MaxBytes), null);
            }

            for (var i = 0; i < starts.Length; i++)
            {
                starts[i] = Math.Max(starts[i], reading.Through);
            }
        }
    }

    /// <summary>Parks a poll at the dispatcher's position, unless there is something to read after its positions.</summary>
    private ParkOutcome TryPark(PollWaiter waiter, long[] starts, bool parks, out MessagePosition position)
    {
        lock (_gate)
        {
            position = new(new(_position), PositionTime);
            if (context.IsDraining)
            {
                return ParkOutcome.Draining;
            }

            if (!TryRenew_NeedsLock(waiter))
            {
                return ParkOutcome.LimitReached;
            }

            if (!waiter.IsAuthorized)
            {
                return ParkOutcome.AccessChanged;
            }

            if (HasMore_NeedsLock(waiter, starts))
            {
                return ParkOutcome.Found;
            }

            if (parks)
            {
                if (IsFull(waiter, context.Options.MaxPollsPerAddress))
                {
                    return ParkOutcome.LimitReached;
                }

                waiter.After = _position;
                waiter.PositionTime = position.CreatedAt;
                Park_NeedsLock(waiter);
            }

            return ParkOutcome.Parked;
        }
    }

    private bool HasMore_NeedsLock(PollWaiter waiter, long[] starts)
    {
        var hasMore = false;
        for (var i = 0; i < starts.Length; i++)
        {
            // A position ahead of the order is none: whatever comes next is news.
            starts[i] = starts[i] == FromNow ? _position : Math.Min(starts[i], _position);
            hasMore |= !waiter.Feeds[i].IsQuietAfter(starts[i]);
        }

        return hasMore;
    }

    private async ValueTask<(ChannelAddress[] Addresses, SubscribeFrom[] Froms, long Version, AccessStatus Refusal)> DecideAsync(
        ChannelCaller caller, IReadOnlyList<PollTarget> targets, CancellationToken cancellationToken)
    {
        var addresses = new List<ChannelAddress>(targets.Count);
        var froms = new List<SubscribeFrom>(targets.Count);
        var version = long.MaxValue;
        var refusal = AccessStatus.Allowed;
        var normalizes = false;
        for (var i = 0; i < targets.Count; i++)
        {
            var decision = await guard
                .AuthorizeAsync(caller, targets[i].Address, ChannelOperations.Subscribe, allRooms: false, cancellationToken).ConfigureAwait(false);
            if (decision.Status != AccessStatus.Allowed)
            {
                // What can be told of several refusals is the one that says most.
                refusal = refusal is AccessStatus.Allowed or AccessStatus.NotFound ? decision.Status : refusal;
                continue;
            }

            version = Math.Min(version, decision.Version);
            normalizes |= decision.Address != targets[i].Address;
            if (!normalizes || !addresses.Contains(decision.Address))
            {
                addresses.Add(decision.Address);
                froms.Add(targets[i].From);
            }
        }

        return ([.. addresses], [.. froms], version, refusal);
    }

    private static PollBatch Found(List<ChannelMessage> messages, long maxBytes)
    {
        var bytes = 0L;
        var count = 0;
        while (count < messages.Count && (count == 0 || bytes + messages[count].Payload.Length <= maxBytes))
        {
            bytes += messages[count++].Payload.Length;
        }

        messages.RemoveRange(count, messages.Count - count);
        return new(PollOutcome.Message, messages, new(messages[^1].Cursor, messages[^1].CreatedAt));
    }

    private static PollBatch ToBatch(PollResult result, PollWaiter waiter) => result.Message is { } message
        ? new(PollOutcome.Message, [message], new(message.Cursor, message.CreatedAt))
        : new(result.Outcome, [], new(new(waiter.After), waiter.PositionTime), result.Access, result.Address);

    /// <summary>The end of a poll that never waited.</summary>
    private PollBatch Ended(PollOutcome outcome, AccessStatus access = AccessStatus.Allowed)
    {
        lock (_gate)
        {
            return new(outcome, [], new(new(_position), PositionTime), access);
        }
    }
}
