using System.Diagnostics;

namespace Channels.AspNetCore.Bayeux;

/// <summary>Every refusal in this wire's words: code, arguments, text. Source: docs/protocols/bayeux.md#errors</summary>
internal static class BayeuxErrors
{
    public const string SessionUnknown = "402::session_unknown";
    public const string HandshakeDenied = "403::handshake_denied";
    public const string ConnectionTypesMissing = "400::connection_types_missing";
    public const string ConnectionTypesUnsupported = "400::connection_types_unsupported";
    public const string ChannelMissing = "400::channel_missing";
    public const string ChannelInvalid = "405::channel_invalid";
    public const string ChannelUnknown = "404::channel_unknown";
    public const string MessageIdInvalid = "405::message_id_invalid";
    public const string SubscriptionMissing = "403::subscription_missing";
    public const string SubscriptionInvalid = "403::subscription_invalid";
    public const string SubscribeDenied = "403:denied_by_security_policy:subscribe_denied";
    public const string PublishDenied = "403:denied_by_security_policy:publish_denied";
    public const string CreateDenied = "403:denied_by_security_policy:channel_create_denied";
    public const string DataMissing = "400::data_missing";
    public const string ConnectReplaced = "409::connect_replaced";
    public const string Busy = "503::server_busy";
    public const string Draining = "503::server_draining";
    public const string StoreFailed = "500::store_failed";
    public const string Throttled = "429::throttled";

    private const string RoomRequired = "404::room_required";
    private const string LimitReached = "403::subscription_limit_reached";

    /// <summary>Why a channel may not be subscribed.</summary>
    public static string? From(AccessStatus status) => status switch
    {
        AccessStatus.Allowed => null,
        AccessStatus.Forbidden => SubscribeDenied,
        AccessStatus.NotFound or AccessStatus.InstanceNotFound => CreateDenied,
        AccessStatus.RoomRequired => RoomRequired,
        AccessStatus.InvalidAddress => SubscriptionInvalid,
        AccessStatus.LimitReached => LimitReached,
        AccessStatus.Throttled => Throttled,
        AccessStatus.Draining => Draining,
        _ => throw new UnreachableException(),
    };

    /// <summary>Why a message was not published.</summary>
    public static string? From(PublishStatus status) => status switch
    {
        PublishStatus.Published or PublishStatus.Duplicate => null,
        PublishStatus.Forbidden or PublishStatus.ClientPublishDisabled => PublishDenied,
        PublishStatus.NotFound or PublishStatus.InstanceNotFound => CreateDenied,
        PublishStatus.RoomRequired => RoomRequired,
        PublishStatus.InvalidAddress => ChannelInvalid,
        PublishStatus.InvalidPayload => "400::data_invalid",
        PublishStatus.PayloadTooLarge => "413::data_too_large",
        PublishStatus.InvalidDraft => "400::message_invalid",
        PublishStatus.KeyConflict => "409::key_conflict",
        PublishStatus.Throttled => Throttled,
        PublishStatus.NotAttempted or PublishStatus.Overloaded => Busy,
        PublishStatus.Draining => Draining,
        PublishStatus.OutcomeUnknown => "500::outcome_unknown",
        _ => throw new UnreachableException(),
    };
}
