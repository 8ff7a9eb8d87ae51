namespace Channels;

/// <summary>How subscribing ended.</summary>
/// <param name="Access">Whether the subscription exists now.</param>
/// <param name="Position">Where it stands: everything later will be delivered.</param>
public readonly record struct SubscribeResult(AccessStatus Access, MessageCursor Position = default);
