namespace Channels.Engine;

/// <summary>Reading: the deliveries of all addresses, merged by id.</summary>
internal sealed partial class ChannelConnection
{
    private DateTimeOffset _now;
    private bool _wasIdle = true;

    public bool TryRead(out Delivery delivery)
    {
        while (End == ConnectionEnd.None)
        {
            var state = Peek(out var reader, out var message, out var change);
            if (TryDeliver(reader, state, message, out delivery))
            {
                return true;
            }

            if (change is not null)
            {
                delivery = Take(change);
                return true;
            }

            if (state != ReaderState.Message)
            {
                break;
            }
        }

        delivery = default;
        return false;
    }

    /// <summary>Finds out whether anything can be read, without reading it.</summary>
    private ReaderState Look()
    {
        var state = Peek(out _, out _, out var change);
        return change is null ? state : ReaderState.Message;
    }

    /// <summary>Finds out what can be read next.</summary>
    /// <param name="reader">Whose it is.</param>
    /// <param name="message">The message, if it is one.</param>
    /// <param name="change">A change among members, which comes behind the messages before it; only with <see cref="ReaderState.Nothing"/>.</param>
    private ReaderState Peek(out AddressReader? reader, out ChannelMessage? message, out PresenceReader? change)
    {
        // The position first: who has been attached up to it is then among the readers.
        var log = Volatile.Read(ref _instance)?.Log;
        var position = log?.Position ?? 0;
        var merge = Volatile.Read(ref _merge);
        reader = Volatile.Read(ref _only);
        message = null;
        var bound = merge is null ? Math.Min(position, reader?.HeldAt ?? long.MaxValue) : log!.Complete;
        change = NextPresence(ref bound);
        var place = bound;
        var state = merge is null
            ? reader?.Peek(bound, _now, out message) ?? ReaderState.Nothing
            : merge.Peek(ref bound, _now, out reader, out message);
        if (state != ReaderState.Nothing || bound < place)
        {
            change = null;
        }
        else if (merge is not null && change is null && place < position && NextPresence(ref position) is not null)
        {
            log!.WakeWhenComplete(this);
        }

        return state;
    }

    private async ValueTask<bool> LoadAsync(CancellationToken cancellationToken)
    {
        do
        {
            if (Volatile.Read(ref _merge) is { } merge)
            {
                await merge.LoadAsync(_now, cancellationToken).ConfigureAwait(false);
            }
            else if (Volatile.Read(ref _only) is { } only && only.Peek(long.MaxValue, _now, out _) == ReaderState.NeedsStore)
            {
                await only.LoadAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        while (End == ConnectionEnd.None && Look() == ReaderState.NeedsStore);

        return await WaitToReadAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Takes what a reader told and makes the delivery, unless this connection is excluded from it.</summary>
    private bool TryDeliver(AddressReader? reader, ReaderState state, ChannelMessage? message, out Delivery delivery)
    {
        switch (state)
        {
            case ReaderState.Message:
                reader!.Take(message!);
                delivery = new(DeliveryKind.Message, reader.Feed.Address, message);
                if (string.Equals(message!.ExcludedConnection ?? "", Id, StringComparison.Ordinal))
                {
                    return false;
                }

                Count(message);
                return true;
            case ReaderState.Gap:
                delivery = new(DeliveryKind.Gap, reader!.Feed.Address, Gap: reader.Gap);
                reader.TakeGap();
                return true;
            case ReaderState.Ended:
                delivery = new(DeliveryKind.SubscriptionEnded, reader!.Feed.Address, Reason: reader.EndReason);
                reader.Feed.Log.Detach(reader, isRefused: false);
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
