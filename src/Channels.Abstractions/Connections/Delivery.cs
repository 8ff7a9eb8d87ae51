namespace Channels;

/// <summary>One thing to tell a client, in its place in the order.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Address">Which subscription it belongs to.</param>
/// <param name="Message">The message; only with <see cref="DeliveryKind.Message"/>.</param>
/// <param name="Gap">What is missing; only with <see cref="DeliveryKind.Gap"/>.</param>
/// <param name="Reason">Why; only with <see cref="DeliveryKind.SubscriptionEnded"/>.</param>
/// <param name="Presence">What changed among the members; only with <see cref="DeliveryKind.Presence"/>.</param>
public readonly record struct Delivery(
    DeliveryKind Kind,
    ChannelAddress Address,
    ChannelMessage? Message = null,
    MessageGap Gap = default,
    AccessStatus Reason = AccessStatus.Allowed,
    PresenceChange? Presence = null);
