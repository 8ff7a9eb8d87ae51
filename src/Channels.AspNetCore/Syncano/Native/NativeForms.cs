using System.Diagnostics;
using Channels.AspNetCore.Connections;

namespace Channels.AspNetCore.Syncano.Native;

/// <summary>The wire forms of the stream. Source: docs/protocols/native.md#stream</summary>
internal sealed class NativeForms
{
    /// <summary>WebSocket messages.</summary>
    public WireForm Frames { get; } = new(EncodeFrame, Framing.WebSocketText);

    /// <summary>Event blocks of a stream over several addresses.</summary>
    public WireForm Blocks { get; } = new(EncodeBlock);

    /// <summary>Event blocks of a stream over one address, in which a gap moves the client's position.</summary>
    public WireForm SingleBlocks { get; } = new(EncodeSingleBlock);

    private static Frame EncodeFrame(in Delivery delivery) => delivery.Kind switch
    {
        DeliveryKind.Message => NativeWriter.MessageFrame(delivery.Message!),
        DeliveryKind.Gap => WebSocketFraming.Text(NativeWriter.Event("gap"u8, NativeWriter.Gap(delivery))),
        DeliveryKind.SubscriptionEnded => WebSocketFraming.Text(NativeWriter.Event("ended"u8, NativeWriter.Ended(delivery))),
        DeliveryKind.Presence => default,
        _ => throw new UnreachableException(),
    };

    private static ReadOnlyMemory<byte> EncodeBlock(in Delivery delivery) => delivery.Kind switch
    {
        DeliveryKind.Message => EventStreamFormat.Event(default, delivery.Message!.Id, NativeWriter.Message(delivery.Message)),

        // No id: other addresses may still have messages to deliver from before the end of this gap.
        DeliveryKind.Gap => EventStreamFormat.Event("gap"u8, null, NativeWriter.Gap(delivery)),
        DeliveryKind.SubscriptionEnded => EventStreamFormat.Event("ended"u8, null, NativeWriter.Ended(delivery)),
        DeliveryKind.Presence => default,
        _ => throw new UnreachableException(),
    };

    private static ReadOnlyMemory<byte> EncodeSingleBlock(in Delivery delivery) => delivery.Kind == DeliveryKind.Gap
        ? EventStreamFormat.Event("gap"u8, delivery.Gap.Oldest.Value, NativeWriter.Gap(delivery))
        : EncodeBlock(delivery);
}
