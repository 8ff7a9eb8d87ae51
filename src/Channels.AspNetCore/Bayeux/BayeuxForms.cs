using Channels.AspNetCore.Connections;

namespace Channels.AspNetCore.Bayeux;

/// <summary>
/// The wire forms of events. Each is a whole WebSocket message with an array of one event; a polling answer takes the event out of it, so that
/// a session may change its transport whenever it likes.
/// </summary>
internal sealed class BayeuxForms
{
    /// <summary>Events by the normal spelling of their channel.</summary>
    public WireForm Plain { get; } = new(EncodePlain, Framing.WebSocketText);

    /// <summary>Events for clients that subscribed with a slash at the end, and compare texts.</summary>
    public WireForm Slashed { get; } = new(EncodeSlashed, Framing.WebSocketText);

    /// <summary>The event without the array around it.</summary>
    public static ReadOnlyMemory<byte> EventOf(in Frame frame) => frame.Content[1..^1];

    private static ReadOnlyMemory<byte> EncodePlain(in Delivery delivery) => Encode(delivery, suffix: "");

    private static ReadOnlyMemory<byte> EncodeSlashed(in Delivery delivery) => Encode(delivery, suffix: "/");

    private static ReadOnlyMemory<byte> Encode(in Delivery delivery, string suffix)
    {
        if (delivery is not { Kind: DeliveryKind.Message, Message: { } message })
        {
            // This wire has no words for a gap or a subscription that ended.
            return default;
        }

        var path = PathOf(message.Address);
        return BayeuxChannel.IsBroadcast(path) ? BayeuxWriter.Event(message, path + suffix) : default;
    }

    private static string PathOf(in ChannelAddress address) => address.Room is { } room ? $"/{address.Channel}/{room}" : $"/{address.Channel}";
}
