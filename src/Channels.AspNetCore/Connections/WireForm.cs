using System.Runtime.CompilerServices;

namespace Channels.AspNetCore.Connections;

/// <summary>
/// One spelling of deliveries. Each message is encoded once, whatever the number of connections and of resuming clients: the frames of
/// recent messages are shared, and so are those of recent changes among members. Holds no lock; two connections may at worst encode the same message at
/// the same moment.
/// </summary>
/// <param name="encode">Makes a frame.</param>
/// <param name="framing">What the transport puts around its content.</param>
internal sealed class WireForm(FrameEncoder encode, Framing framing) : IDeliveryForm
{
    private const int RecentFrames = 1024;
    private const int RecentLargeFrames = 16;
    private const int RecentChanges = 256;
    private const int LargeFrameBytes = 16 * 1024;

    // By the lowest bits of the id, so that neighbours in the order do not displace each other.
    private readonly Recent?[] _recent = new Recent?[RecentFrames];
    private readonly Recent?[] _recentLarge = new Recent?[RecentLargeFrames];
    private readonly RecentChange?[] _recentChanges = new RecentChange?[RecentChanges];

    /// <summary>Makes frames of contents.</summary>
    /// <param name="encode">Encodes the content.</param>
    /// <param name="framing">What the transport puts around it.</param>
    public WireForm(DeliveryEncoder encode, Framing framing = Framing.None)
        : this((in delivery) => Wrap(encode(delivery), framing), framing)
    {
    }

    public Frame Encode(in Delivery delivery)
    {
        if (delivery.Presence is { } change)
        {
            return EncodeChange(delivery, change);
        }

        if (delivery is not { Kind: DeliveryKind.Message, Message: { } message })
        {
            return encode(delivery);
        }

        var recent = message.Payload.Length < LargeFrameBytes ? _recent : _recentLarge;
        ref var slot = ref recent[message.Id & (recent.Length - 1)];
        if (Volatile.Read(ref slot) is { } known && known.IsOf(message))
        {
            return known.Frame;
        }

        var frame = encode(delivery);
        Volatile.Write(ref slot, new(message, frame));
        return frame;
    }

    /// <summary>A change is one object for everybody who is told of it.</summary>
    private Frame EncodeChange(in Delivery delivery, PresenceChange change)
    {
        ref var slot = ref _recentChanges[RuntimeHelpers.GetHashCode(change) & (RecentChanges - 1)];
        if (Volatile.Read(ref slot) is { } known && ReferenceEquals(known.Change, change))
        {
            return known.Frame;
        }

        var frame = encode(delivery);
        Volatile.Write(ref slot, new(change, frame));
        return frame;
    }

    /// <summary>Makes a frame that no other connection shares.</summary>
    /// <param name="content">The content; empty for nothing.</param>
    public Frame Wrap(ReadOnlyMemory<byte> content) => Wrap(content, framing);

    private static Frame Wrap(ReadOnlyMemory<byte> content, Framing framing) =>
        content.IsEmpty || framing == Framing.None ? new(content, 0) : WebSocketFraming.Text(content.Span);

    private sealed record RecentChange(PresenceChange Change, Frame Frame);

    /// <summary>An id is never given twice in an instance, so that it names the message wherever it was read from.</summary>
    private sealed class Recent(ChannelMessage message, Frame frame)
    {
        private readonly long _id = message.Id;
        private readonly string _instance = message.Address.Instance;

        public Frame Frame => frame;

        public bool IsOf(ChannelMessage message) => message.Id == _id && string.Equals(message.Address.Instance, _instance, StringComparison.Ordinal);
    }
}
