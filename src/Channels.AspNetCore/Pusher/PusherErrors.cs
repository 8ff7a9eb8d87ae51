using System.Diagnostics;
using System.Globalization;
using System.Net.WebSockets;
using Channels.AspNetCore.Connections;
using Channels.AspNetCore.Http;
using Microsoft.AspNetCore.Http;

namespace Channels.AspNetCore.Pusher;

/// <summary>Every refusal in this wire's words: answers of the API, error frames, close codes. Source: docs/protocols/pusher.md#errors</summary>
internal static class PusherErrors
{
    /// <summary>Text for a client that sends more events than permitted.</summary>
    public const string RateLimit = "Client event rejected due to rate limit";

    private const string LimitsPage = "See https://pusher.com/docs/channels/server_api/http-api#publishing-events for more info";

    public static PusherRefusal NotAuthorized { get; } = new("AuthError", "The connection is unauthorized.", 401);

    public static PusherRefusal NotPermitted { get; } = new("AuthError", "The connection may not subscribe to this channel.", 403);

    public static PusherRefusal NotSignedIn { get; } = new("AuthError", "The connection is not signed in as the user of this channel.", 401);

    public static PusherRefusal InvalidMember { get; } = new("AuthError", "channel_data must name a user_id, and be no larger than permitted.", 400);

    public static PusherRefusal TooManyMembers { get; } = new("LimitReached", "The maximum number of members of this presence channel is reached.", 4100);

    public static PusherRefusal TooManySubscriptions { get; } = new("LimitReached", "The connection has as many subscriptions as permitted.", 4100);

    public static PusherRefusal InvalidChannel { get; } = new("InvalidChannel", "The channel name is not valid.", 4009);

    public static PusherRefusal ChannelDeleted { get; } = new("InvalidChannel", "The channel was deleted.", 404);

    public static WebSocketClosure TlsRequired { get; } = Closure(4000, "Application only accepts TLS connections, reconnect using wss://");

    public static WebSocketClosure AppDisabled { get; } = Closure(4003, "Application disabled");

    public static WebSocketClosure OverQuota { get; } = Closure(4004, "Application is over connection quota");

    public static WebSocketClosure PathNotFound { get; } = Closure(4005, "Path not found");

    public static WebSocketClosure InvalidVersion { get; } = Closure(4006, "Invalid version string format");

    public static WebSocketClosure UnsupportedVersion { get; } = Closure(4007, "Unsupported protocol version");

    public static WebSocketClosure Unauthorized { get; } = Closure(4009, "Connection not authorized within timeout");

    public static WebSocketClosure Terminated { get; } = Closure(4009, "You got disconnected by the app.");

    public static WebSocketClosure OverCapacity { get; } = Closure(4100, "Over capacity");

    public static WebSocketClosure ReconnectNow { get; } = Closure(4200, "Please reconnect immediately");

    public static WebSocketClosure PongNotReceived { get; } = Closure(4201, "Pong reply not received: ping was sent to the client, but no reply was received");

    public static JsonAnswer UnknownApp { get; } = Answer(StatusCodes.Status404NotFound, "Unknown app_id");

    public static JsonAnswer UnknownPath { get; } = Answer(StatusCodes.Status404NotFound, "Not found");

    public static JsonAnswer UnknownKey { get; } = Answer(StatusCodes.Status401Unauthorized, "Unknown auth_key");

    public static JsonAnswer VersionRequired { get; } = Answer(StatusCodes.Status401Unauthorized, "Version required");

    public static JsonAnswer VersionNotSupported { get; } = Answer(StatusCodes.Status401Unauthorized, "Version not supported");

    public static JsonAnswer TimestampRequired { get; } = Answer(StatusCodes.Status401Unauthorized, "Timestamp required");

    public static JsonAnswer BodyDigestWrong { get; } = Answer(StatusCodes.Status401Unauthorized, "Invalid body_md5: it must be the MD5 of the body");

    public static JsonAnswer Disabled { get; } = Answer(StatusCodes.Status403Forbidden, "Application disabled");

    public static JsonAnswer InstanceMissing { get; } = Answer(StatusCodes.Status403Forbidden, "The instance of this app does not exist");

    public static JsonAnswer NotPublishable { get; } = Answer(StatusCodes.Status403Forbidden, "The channel takes no events from this app");

    public static JsonAnswer Overloaded { get; } = Answer(StatusCodes.Status503ServiceUnavailable, "The server is overloaded, try again later") with { RetryAfter = 1 };

    public static JsonAnswer Draining { get; } = Answer(StatusCodes.Status503ServiceUnavailable, "The server is shutting down") with { RetryAfter = 1 };

    public static JsonAnswer StoreFailed { get; } = Answer(StatusCodes.Status503ServiceUnavailable, "The storage is unavailable, try again later") with { RetryAfter = 1 };

    // Without Retry-After: a client that repeats on its own could publish twice.
    public static JsonAnswer OutcomeUnknown { get; } = Answer(StatusCodes.Status503ServiceUnavailable, "Whether the event was published is unknown");

    public static JsonAnswer Broken { get; } = Answer(StatusCodes.Status500InternalServerError, "Internal server error");

    public static JsonAnswer Answer(int status, string text) => new(status, JsonBytes.Encode((status, text), static (json, state) =>
    {
        json.WriteStartObject();
        json.WriteString("error"u8, state.text);
        json.WriteNumber("code"u8, state.status);
        json.WriteEndObject();
    }));

    public static JsonAnswer Invalid(string text) => Answer(StatusCodes.Status400BadRequest, text);

    public static JsonAnswer MethodNotAllowed(string allow) =>
        Answer(StatusCodes.Status405MethodNotAllowed, "Method not allowed") with { Allow = allow };

    public static JsonAnswer BodyTooLarge(int limit) => Answer(
        StatusCodes.Status413PayloadTooLarge, string.Create(CultureInfo.InvariantCulture, $"The request exceeds the allowed maximum ({limit} bytes)."));

    public static JsonAnswer DataTooLarge(int limit) => Answer(
        StatusCodes.Status413PayloadTooLarge,
        string.Create(CultureInfo.InvariantCulture, $"The data content of this event exceeds the allowed maximum ({limit} bytes). {LimitsPage}"));

    public static JsonAnswer Throttled(TimeSpan retryAfter) =>
        Answer(StatusCodes.Status429TooManyRequests, "Too many requests") with { RetryAfter = JsonAnswer.SecondsOf(retryAfter) };

    public static WebSocketClosure UnknownKeyClosure(string key) =>
        Closure(4001, $"App key {(key.Length > 40 ? key[..40] : key)} not in this cluster. Did you forget to specify the cluster?");

    /// <summary>What the outcome of publishing means to a server.</summary>
    /// <returns><see langword="null"/> when the event is published.</returns>
    public static JsonAnswer? From(in PublishResult result, int limit) => result.Status switch
    {
        PublishStatus.Published or PublishStatus.Duplicate => null,
        PublishStatus.InstanceNotFound => InstanceMissing,
        PublishStatus.NotFound or PublishStatus.Forbidden or PublishStatus.ClientPublishDisabled => NotPublishable,
        PublishStatus.RoomRequired => Invalid("The channel has rooms: name one as channel.room"),
        PublishStatus.InvalidAddress => Invalid("The channel name is not valid"),
        PublishStatus.InvalidPayload or PublishStatus.InvalidDraft or PublishStatus.KeyConflict => Invalid("The event is not valid"),
        PublishStatus.PayloadTooLarge => DataTooLarge(limit),
        PublishStatus.Throttled => Throttled(result.RetryAfter),
        PublishStatus.Overloaded => Overloaded,
        PublishStatus.Draining => Draining,
        PublishStatus.OutcomeUnknown or PublishStatus.NotAttempted => OutcomeUnknown,
        _ => throw new UnreachableException(),
    };

    /// <summary>What the outcome of publishing means to a client that sent an event.</summary>
    /// <returns><see langword="null"/> when the event is published.</returns>
    public static string? ForClientEvent(PublishStatus status) => status switch
    {
        PublishStatus.Published or PublishStatus.Duplicate => null,
        PublishStatus.InstanceNotFound or PublishStatus.NotFound or PublishStatus.Forbidden or PublishStatus.ClientPublishDisabled
            or PublishStatus.RoomRequired or PublishStatus.InvalidAddress => "The channel takes no client events",
        PublishStatus.InvalidPayload or PublishStatus.InvalidDraft or PublishStatus.KeyConflict => "Client event is not valid",
        PublishStatus.PayloadTooLarge => "Client event data is too large",
        PublishStatus.Throttled => RateLimit,
        PublishStatus.Overloaded or PublishStatus.Draining or PublishStatus.OutcomeUnknown or PublishStatus.NotAttempted =>
            "Client event rejected, try again later",
        _ => throw new UnreachableException(),
    };

    /// <summary>Why a subscription was refused.</summary>
    /// <returns><see langword="null"/> when it was not.</returns>
    public static PusherRefusal? From(AccessStatus status) => status switch
    {
        AccessStatus.Allowed => null,
        AccessStatus.InstanceNotFound or AccessStatus.NotFound or AccessStatus.Forbidden => NotPermitted,
        AccessStatus.RoomRequired or AccessStatus.InvalidAddress => InvalidChannel,
        AccessStatus.LimitReached => TooManySubscriptions,
        AccessStatus.Throttled => new("LimitReached", "Too many subscriptions in a short time.", 429),
        AccessStatus.Draining => new("AuthError", "The server is shutting down.", 503),
        _ => throw new UnreachableException(),
    };

    /// <summary>How a client is closed whose session ended.</summary>
    public static WebSocketClosure From(SessionEnd end) => end switch
    {
        SessionEnd.None or SessionEnd.Closed or SessionEnd.Expired => new(WebSocketCloseStatus.NormalClosure, ""),
        SessionEnd.Overflow => Closure(4100, "Too slow"),
        SessionEnd.CallerExpired or SessionEnd.Revoked => Terminated,
        SessionEnd.Draining or SessionEnd.StoreFailed or SessionEnd.Failed => ReconnectNow,
        _ => throw new UnreachableException(),
    };

    private static WebSocketClosure Closure(int code, string reason) => new((WebSocketCloseStatus)code, reason);
}
