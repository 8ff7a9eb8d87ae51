using Channels.AspNetCore.Connections;

namespace Channels.AspNetCore.PushStream;

/// <summary>
/// What one WebSocket or event stream says. It remembers the position of its client, which the notice of a deleted channel repeats: clients
/// take up the position of whatever came last.
/// </summary>
/// <param name="messages">Form of the messages, shared by all.</param>
/// <param name="isEventStream">Whether a notice is a block of an event stream.</param>
/// <param name="position">Where the client stands at first.</param>
internal sealed class PushStreamStreamForm(WireForm messages, bool isEventStream, PushStreamCursor position) : IDeliveryForm
{
    private PushStreamCursor _position = position;

    public Frame Encode(in Delivery delivery)
    {
        if (delivery is { Kind: DeliveryKind.Message, Message: { } message })
        {
            _position = PushStreamCursor.Of(new(message.Cursor, message.CreatedAt));
            return messages.Encode(delivery);
        }

        // This wire goes on behind a gap without a word, and withdraws a channel without one.
        return delivery is { Kind: DeliveryKind.SubscriptionEnded, Reason: AccessStatus.NotFound } ? Deleted(delivery.Address) : default;
    }

    private Frame Deleted(in ChannelAddress address)
    {
        var notice = PushStreamWriter.Deleted(address, _position);
        return messages.Wrap(isEventStream ? EventStreamFormat.EventWithTextId(PushStreamWriter.EventId(_position), notice) : notice);
    }
}
