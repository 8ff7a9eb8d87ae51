using System.Diagnostics;
using Channels.AspNetCore.Connections;

namespace Channels.AspNetCore.Pusher;

/// <summary>How one transport spells events: as a WebSocket message, or as a line of the HTTP fallbacks. Frames of messages and of changes among members are shared.</summary>
internal sealed class PusherForm
{
    private readonly Func<ReadOnlySpan<byte>, Frame> _frame;

    private PusherForm(Func<ReadOnlySpan<byte>, Frame> frame, WireForm deliveries)
    {
        _frame = frame;
        Deliveries = deliveries;
        Ping = Frame(PusherWriter.Ping);
        Pong = Frame(PusherWriter.Pong);
    }

    /// <summary>What the engine delivers.</summary>
    public WireForm Deliveries { get; }

    public Frame Ping { get; }

    public Frame Pong { get; }

    public static PusherForm ForSockets() => new(WebSocketFraming.Text, new(Encode, Framing.WebSocketText));

    public static PusherForm ForFallback() => new(
        static json => new(FallbackFrames.Messages(json), 0),
        new(static (in delivery) => Encode(delivery) is { IsEmpty: false } json ? FallbackFrames.Messages(json.Span) : default));

    /// <summary>Spells an event of the front end's own.</summary>
    /// <param name="json">The event.</param>
    public Frame Frame(ReadOnlySpan<byte> json) => _frame(json);

    private static ReadOnlyMemory<byte> Encode(in Delivery delivery) => delivery.Kind switch
    {
        DeliveryKind.Message => PusherWriter.Message(delivery.Message!),
        DeliveryKind.Presence => PusherChannel.IsOfUser(delivery.Address)
            ? PusherWriter.UserChanged(delivery.Presence!)
            : PusherWriter.MemberChanged(delivery.Presence!),

        // This wire has no word for missing messages: clients are not told, as by the original.
        DeliveryKind.Gap => default,
        DeliveryKind.SubscriptionEnded => PusherWriter.SubscriptionEnded(delivery),
        _ => throw new UnreachableException(),
    };
}
