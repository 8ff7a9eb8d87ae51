using System.Collections.Frozen;

namespace Channels.AspNetCore.Pusher;

/// <summary>Names of webhook events. Source: docs/protocols/pusher.md#webhooks</summary>
internal static class PusherWebhookEvents
{
    public const string ChannelOccupied = "channel_occupied";
    public const string ChannelVacated = "channel_vacated";
    public const string MemberAdded = "member_added";
    public const string MemberRemoved = "member_removed";
    public const string ClientEvent = "client_event";
    public const string CacheMiss = "cache_miss";
    public const string SubscriptionCount = "subscription_count";

    public static FrozenSet<string> All { get; } = FrozenSet.Create(
        StringComparer.Ordinal, ChannelOccupied, ChannelVacated, MemberAdded, MemberRemoved, ClientEvent, CacheMiss, SubscriptionCount);
}
