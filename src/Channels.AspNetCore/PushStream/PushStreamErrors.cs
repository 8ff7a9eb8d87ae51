using System.Diagnostics;
using Channels.AspNetCore.Http;
using Microsoft.AspNetCore.Http;

namespace Channels.AspNetCore.PushStream;

/// <summary>
/// Every refusal in this wire's words: a header for people, as the original, and a body in the envelope of the Web API. Source:
/// docs/protocols/pushstream.md#errors
/// </summary>
/// <param name="retryAfter">Seconds after which trying again makes sense.</param>
internal sealed class PushStreamErrors(int retryAfter)
{
    /// <summary>Header in which the original explains itself.</summary>
    public const string ExplainHeader = "X-Nginx-PushStream-Explain";

    public static JsonAnswer NoToken { get; } = Refusal(StatusCodes.Status401Unauthorized, "AuthError", "The token is missing, invalid, revoked or expired.");

    public static JsonAnswer NoPermission { get; } =
        Refusal(StatusCodes.Status403Forbidden, "PermissionError", "The token gives no permission for any of the channels.");

    public static JsonAnswer NameNotAuthorized { get; } =
        Refusal(StatusCodes.Status403Forbidden, "PermissionError", "Channel id not authorized for this method.");

    public static JsonAnswer NoChannel { get; } = BadRequest("No channel id provided.");

    public static JsonAnswer NameTooLarge { get; } = BadRequest("Channel id is too large.");

    public static JsonAnswer NameInvalid { get; } = BadRequest("Channel id is not valid.");

    public static JsonAnswer TooManyChannels { get; } = BadRequest("Too many channels.");

    public static JsonAnswer BadCallback { get; } = BadRequest("Callback is not the name of a function.");

    public static JsonAnswer NoJsonp { get; } = BadRequest("Callbacks are not served here.");

    public static JsonAnswer NoUpgrade { get; } =
        BadRequest("Don't have at least one of the mandatory headers: Connection, Upgrade, Sec-WebSocket-Key and Sec-WebSocket-Version");

    public static JsonAnswer BadVersion { get; } = BadRequest("Version not supported. Supported versions: 8, 13");

    public static JsonAnswer EmptyPost { get; } = BadRequest("Empty post requests are not allowed.");

    public static JsonAnswer NotPublishable { get; } = BadRequest("The message is not valid.");

    public static JsonAnswer NotFound { get; } = Refusal(StatusCodes.Status404NotFound, "NotFound", "Channel not found.");

    public static JsonAnswer TooLarge { get; } = Refusal(StatusCodes.Status413PayloadTooLarge, "RequestError", "The message is too large.");

    public static JsonAnswer Unprotected { get; } = Refusal(
        StatusCodes.Status403Forbidden, "PermissionError", "This address is mapped without authorization. Add RequireAuthorization() or AllowAnonymous() to it.");

    public static JsonAnswer Broken { get; } = Refusal(StatusCodes.Status500InternalServerError, "InternalError", "Internal server error.");

    public JsonAnswer Draining { get; } = Unavailable("The server is shutting down.", retryAfter);

    public JsonAnswer Overloaded { get; } = Unavailable("The server is overloaded.", retryAfter);

    public JsonAnswer Throttled { get; } = ThrottledFor(TimeSpan.FromSeconds(retryAfter));

    public JsonAnswer StoreFailed { get; } = Unavailable("The storage is unavailable.", retryAfter);

    // Without Retry-After: a publisher that repeats on its own could publish twice.
    public static JsonAnswer OutcomeUnknown { get; } =
        Refusal(StatusCodes.Status503ServiceUnavailable, "Unavailable", "Whether the message was published is unknown.");

    public static JsonAnswer MethodNotAllowed(string allow) => new(StatusCodes.Status405MethodNotAllowed) { Allow = allow };

    /// <summary>A client that asks too often.</summary>
    public static JsonAnswer ThrottledFor(TimeSpan retryAfter) =>
        Refusal(StatusCodes.Status429TooManyRequests, "ThrottleError", "Too many requests.") with
        {
            RetryAfter = JsonAnswer.SecondsOf(retryAfter),
        };

    /// <summary>A request that the server itself refused to read.</summary>
    public static JsonAnswer FromServer(int status, string text) => Refusal(status, "RequestError", text);

    /// <summary>Why none of the channels may be read.</summary>
    public JsonAnswer? From(AccessStatus status) => status switch
    {
        AccessStatus.Allowed => null,
        AccessStatus.InstanceNotFound or AccessStatus.NotFound or AccessStatus.Forbidden or AccessStatus.RoomRequired => NoPermission,
        AccessStatus.InvalidAddress => NameInvalid,
        AccessStatus.LimitReached => Overloaded,
        AccessStatus.Throttled => Throttled,
        AccessStatus.Draining => Draining,
        _ => throw new UnreachableException(),
    };

    /// <summary>Why a message was not published.</summary>
    public JsonAnswer? From(PublishStatus status) => status switch
    {
        PublishStatus.Published or PublishStatus.Duplicate => null,
        PublishStatus.InstanceNotFound or PublishStatus.NotFound => NotFound,
        PublishStatus.Forbidden or PublishStatus.ClientPublishDisabled or PublishStatus.RoomRequired => NameNotAuthorized,
        PublishStatus.InvalidAddress => NameInvalid,
        PublishStatus.InvalidPayload or PublishStatus.InvalidDraft or PublishStatus.KeyConflict => NotPublishable,
        PublishStatus.PayloadTooLarge => TooLarge,
        PublishStatus.NotAttempted or PublishStatus.Overloaded => Overloaded,
        PublishStatus.Throttled => Throttled,
        PublishStatus.Draining => Draining,
        PublishStatus.OutcomeUnknown => OutcomeUnknown,
        _ => throw new UnreachableException(),
    };

    private static JsonAnswer BadRequest(string text) => Refusal(StatusCodes.Status400BadRequest, "RequestError", text);

    private static JsonAnswer Unavailable(string text, int seconds) =>
        Refusal(StatusCodes.Status503ServiceUnavailable, "Unavailable", text) with { RetryAfter = seconds };

    private static JsonAnswer Refusal(int status, string error, string text) => new(status, JsonBytes.Encode((status, error, text), static (json, state) =>
    {
        json.WriteStartObject();
        json.WriteStartObject("meta"u8);
        json.WriteNumber("status"u8, state.status);
        json.WriteString("error"u8, state.error);
        json.WriteString("error_message"u8, state.text);
        json.WriteEndObject();
        json.WriteStartObject("data"u8);
        json.WriteEndObject();
        json.WriteEndObject();
    }))
    {
        Header = new(ExplainHeader, text),
    };
}
