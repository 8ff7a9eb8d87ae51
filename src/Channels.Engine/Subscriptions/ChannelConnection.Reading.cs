namespace Channels.Engine;

/// <summary>Reading: the deliveries of all addresses, merged by id.</summary>
internal sealed partial class ChannelConnection
{
    private DateTimeOffset _now;
    private bool _wasIdle = true;

    public bool TryRead(out Delivery delivery)
    {
        if (End == ConnectionEnd.None)
        {
            var bound = Bound(out var readers);
            var change = NextPresence(ref bound);
            var state = readers.Length == 1 ? Next(readers[0], bound, out delivery) : NextMerged(readers, bound, out delivery);
            if (state is ReaderState.Message or ReaderState.Gap or ReaderState.Ended)
            {
                return true;
            }

            if (state == ReaderState.Nothing && change is not null)
            {
                delivery = Take(change);
                return true;
            }
        }

        delivery = default;
        return false;
    }

    /// <summary>Finds out whether anything can be read, without reading it.</summary>
    private ReaderState Look()
    {
        var bound = Bound(out var readers);
        var found = ReaderState.Nothing;
        foreach (var reader in readers)
        {
            var state = reader.Peek(bound, _now, out _);
            if (state == ReaderState.NeedsStore)
            {
                return state;
            }

            found = state == ReaderState.Nothing ? found : state;
        }

        return found == ReaderState.Nothing && NextPresence(ref bound) is not null ? ReaderState.Message : found;
    }

    private async ValueTask<bool> LoadAsync(CancellationToken cancellationToken)
    {
        do
        {
            foreach (var reader in Volatile.Read(ref _readers))
            {
                if (reader.Peek(long.MaxValue, _now, out _) == ReaderState.NeedsStore)
                {
                    await reader.LoadAsync(cancellationToken).ConfigureAwait(false);
                }
            }
        }
        while (End == ConnectionEnd.None && Look() == ReaderState.NeedsStore);

        return await WaitToReadAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Everything up to here has reached every tail, unless a decision is still awaited.</summary>
    private long Bound(out AddressReader[] readers)
    {
        // The position first: who has been attached up to it is then among the readers.
        var bound = Volatile.Read(ref _instance)?.Log.Position ?? 0;
        readers = Volatile.Read(ref _readers);
        foreach (var reader in readers)
        {
            bound = Math.Min(bound, reader.HeldAt);
        }

        return bound;
    }

    /// <summary>The next delivery of one address alone.</summary>
    private ReaderState Next(AddressReader reader, long bound, out Delivery delivery)
    {
        while (true)
        {
            var state = reader.Peek(bound, _now, out var message);
            if (TryDeliver(reader, state, message, out delivery))
            {
                return state;
            }

            if (state != ReaderState.Message)
            {
                return state;
            }
        }
    }

    /// <summary>The next delivery over all addresses: the message with the lowest id, once nothing lower can come any more.</summary>
    private ReaderState NextMerged(AddressReader[] readers, long bound, out Delivery delivery)
    {
        while (true)
        {
            AddressReader? first = null;
            ChannelMessage? lowest = null;
            foreach (var reader in readers)
            {
                var state = reader.Peek(bound, _now, out var message);
                if (state is ReaderState.NeedsStore or ReaderState.Gap or ReaderState.Ended)
                {
                    TryDeliver(reader, state, null, out delivery);
                    return state;
                }

                if (message is not null && (lowest is null || message.Id < lowest.Id))
                {
                    first = reader;
                    lowest = message;
                }
            }

            if (first is null)
            {
                delivery = default;
                return ReaderState.Nothing;
            }

            if (TryDeliver(first, ReaderState.Message, lowest, out delivery))
            {
                return ReaderState.Message;
            }
        }
    }

    /// <summary>Takes what a reader told and makes the delivery, unless this connection is excluded from it.</summary>
    private bool TryDeliver(AddressReader reader, ReaderState state, ChannelMessage? message, out Delivery delivery)
    {
        switch (state)
        {
            case ReaderState.Message:
                reader.Take(message!);
                delivery = new(DeliveryKind.Message, reader.Feed.Address, message);
                if (string.Equals(message!.ExcludedConnection ?? "", Id, StringComparison.Ordinal))
                {
                    return false;
                }

                Count(message);
                return true;
            case ReaderState.Gap:
                delivery = new(DeliveryKind.Gap, reader.Feed.Address, Gap: reader.Gap);
                reader.TakeGap();
                return true;
            case ReaderState.Ended:
                delivery = new(DeliveryKind.SubscriptionEnded, reader.Feed.Address, Reason: reader.EndReason);
                Detach(reader);
                return true;
            default:
                delivery = default;
                return false;
        }
    }

    private void Count(ChannelMessage message)
    {
        _context.Metrics.Delivered(1);
        if (_wasIdle)
        {
            _wasIdle = false;
            if (_context.Metrics.TimesDelivery)
            {
                _context.Metrics.DeliveryLag(_context.Time.GetUtcNow() - message.CreatedAt);
            }
        }
    }
}
