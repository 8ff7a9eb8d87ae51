using System.Diagnostics;
using System.Globalization;
using Channels.AspNetCore.Http;
using Microsoft.AspNetCore.Http;

namespace Channels.AspNetCore.Syncano;

/// <summary>Every refusal in this wire's words. Source: docs/protocols/syncano.md#errors</summary>
/// <param name="retryAfter">Seconds after which trying again makes sense.</param>
internal sealed class SyncanoErrors(int retryAfter)
{
    private const string RoomTooLong = "Ensure this field has no more than 128 characters.";

    public static JsonAnswer Forbidden { get; } = Detail(StatusCodes.Status403Forbidden, "You do not have permission to perform this action.");

    public static JsonAnswer NoSuchKey { get; } = Detail(StatusCodes.Status403Forbidden, "No such API Key.");

    public static JsonAnswer InvalidToken { get; } = Detail(StatusCodes.Status403Forbidden, "Invalid token.");

    public static JsonAnswer InvalidTicket { get; } = Detail(StatusCodes.Status403Forbidden, "Invalid ticket.");

    public static JsonAnswer PublishDisabled { get; } = Detail(StatusCodes.Status403Forbidden, "Custom publish not allowed on this channel.");

    public static JsonAnswer NotFound { get; } = Detail(StatusCodes.Status404NotFound, "Not found.");

    public static JsonAnswer ChannelNotFound { get; } = Detail(StatusCodes.Status404NotFound, "Channel was not found.");

    public static JsonAnswer ClassNotFound { get; } = Detail(StatusCodes.Status404NotFound, "Class was not found.");

    public static JsonAnswer ChannelForbidden { get; } = Detail(
        StatusCodes.Status403Forbidden, "You do not have permission to publish data to specified channel.");

    public static JsonAnswer ObjectTooLarge { get; } = Detail(StatusCodes.Status400BadRequest, "Too big request passed.");

    public static JsonAnswer ClassFull { get; } = Detail(StatusCodes.Status400BadRequest, "The class can have no more objects.");

    public static JsonAnswer InstanceNotFound { get; } = Detail(StatusCodes.Status404NotFound, "Instance was not found.");

    public static JsonAnswer BadPage { get; } = Detail(StatusCodes.Status400BadRequest, "Incorrect page parameter provided.");

    public static JsonAnswer SocketExpected { get; } = Detail(StatusCodes.Status400BadRequest, "Expected WebSocket connection.");

    public static JsonAnswer StreamExpected { get; } = Detail(
        StatusCodes.Status406NotAcceptable, "Expected a WebSocket connection or an Accept header with text/event-stream.");

    public static JsonAnswer KeyConflict { get; } = Detail(StatusCodes.Status409Conflict, "The key was used with another payload.");

    public static JsonAnswer Broken { get; } = Detail(StatusCodes.Status500InternalServerError, "Internal server error.");

    /// <summary>A plain string, unlike every other field error.</summary>
    public static JsonAnswer RoomRequired { get; } = new(
        StatusCodes.Status400BadRequest, """{"room":"This field is required for channels with separate rooms."}"""u8.ToArray());

    public JsonAnswer Throttled { get; } = ThrottledFor(TimeSpan.FromSeconds(retryAfter));

    public JsonAnswer Draining { get; } = Unavailable("The server is shutting down.") with { RetryAfter = retryAfter };

    public JsonAnswer NoConnection { get; } = Unavailable("No more connections can be served now.") with { RetryAfter = retryAfter };

    public JsonAnswer StoreFailed { get; } = Unavailable("The storage is unavailable, try again later.") with { RetryAfter = retryAfter };

    // Without Retry-After: a client that repeats on its own could publish twice.
    public JsonAnswer OutcomeUnknown { get; } = Unavailable("Whether the message was published is unknown.");

    public JsonAnswer TooManyTickets { get; } = Unavailable("Too many tickets are unused.") with { RetryAfter = retryAfter };

    public static JsonAnswer Detail(int status, string text) =>
        new(status, JsonBytes.Encode(text, static (json, text) =>
        {
            json.WriteStartObject();
            json.WriteString("detail"u8, text);
            json.WriteEndObject();
        }));

    /// <summary>A client that did too much; those of this wire wait whole seconds.</summary>
    public static JsonAnswer ThrottledFor(TimeSpan retryAfter)
    {
        var seconds = JsonAnswer.SecondsOf(retryAfter);
        return Detail(StatusCodes.Status429TooManyRequests, ThrottledText(seconds)) with { RetryAfter = seconds };
    }

    public static JsonAnswer TooLarge(int limit) => Detail(
        StatusCodes.Status413PayloadTooLarge, string.Create(CultureInfo.InvariantCulture, $"Request size limit exceeded ({limit})."));

    public static JsonAnswer MethodNotAllowed(string method, string allow) =>
        Detail(StatusCodes.Status405MethodNotAllowed, $"Method \"{method}\" not allowed.") with { Allow = allow };

    /// <summary>A request that the server itself refused to read.</summary>
    public static JsonAnswer FromServer(int status, string text) => Detail(status, text);

    public static JsonAnswer Room(bool tooLong) => new FieldErrors().Add("room", tooLong ? RoomTooLong : "Enter a valid value.").ToAnswer();

    /// <summary>What is wrong with a body; the limit is that of the request.</summary>
    public static JsonAnswer? From(BodyFields body, int limit) => body.Problem switch
    {
        BodyProblem.None => null,
        BodyProblem.TooLarge => TooLarge(limit),
        BodyProblem.UnsupportedMediaType => Detail(StatusCodes.Status415UnsupportedMediaType, $"Unsupported media type \"{body.Detail}\" in request."),
        BodyProblem.Malformed => Detail(StatusCodes.Status400BadRequest, $"JSON parse error - {body.Detail}"),
        BodyProblem.NotAnObject => new FieldErrors()
            .Add("non_field_errors", $"Invalid data. Expected a dictionary, but got {body.Detail}.").ToAnswer(),
        _ => throw new UnreachableException(),
    };

    /// <summary>Why credentials were not accepted.</summary>
    public static JsonAnswer? From(AuthenticationStatus status, bool hasKey) => status switch
    {
        AuthenticationStatus.Accepted or AuthenticationStatus.NoCredentials => null,
        AuthenticationStatus.Rejected => hasKey ? NoSuchKey : InvalidToken,
        AuthenticationStatus.InstanceNotFound => InstanceNotFound,
        _ => throw new UnreachableException(),
    };

    /// <summary>Why an address may not be read.</summary>
    public JsonAnswer? From(AccessStatus status, in ChannelAddress address) => status switch
    {
        AccessStatus.Allowed => null,
        AccessStatus.InstanceNotFound => InstanceNotFound,
        AccessStatus.NotFound => NotFound,
        AccessStatus.Forbidden => Forbidden,
        AccessStatus.RoomRequired => RoomRequired,
        AccessStatus.InvalidAddress => InvalidAddress(address),
        AccessStatus.LimitReached or AccessStatus.Throttled => Throttled,
        AccessStatus.Draining => Draining,
        _ => throw new UnreachableException(),
    };

    /// <summary>Why a message was not published.</summary>
    public JsonAnswer? From(PublishStatus status, in ChannelAddress address, int limit) => status switch
    {
        PublishStatus.Published or PublishStatus.Duplicate => null,
        PublishStatus.KeyConflict => KeyConflict,
        PublishStatus.InstanceNotFound => InstanceNotFound,
        PublishStatus.NotFound => NotFound,
        PublishStatus.Forbidden => Forbidden,
        PublishStatus.ClientPublishDisabled => PublishDisabled,
        PublishStatus.RoomRequired => RoomRequired,
        PublishStatus.InvalidAddress => InvalidAddress(address),
        PublishStatus.InvalidPayload => new FieldErrors().Add("payload", "Not a valid JSON string.").ToAnswer(),
        PublishStatus.PayloadTooLarge => TooLarge(limit),
        PublishStatus.InvalidDraft => new FieldErrors().Add("non_field_errors", "Invalid event, key or exclude.").ToAnswer(),
        PublishStatus.NotAttempted or PublishStatus.Overloaded or PublishStatus.Throttled => Throttled,
        PublishStatus.Draining => Draining,
        PublishStatus.OutcomeUnknown => OutcomeUnknown,
        _ => throw new UnreachableException(),
    };

    /// <summary>Why nothing was done with an object; its mistakes and a wrong revision are told with the request at hand.</summary>
    public JsonAnswer? From(ObjectStatus status, JsonAnswer? invalid = null, JsonAnswer? mismatch = null) => status switch
    {
        ObjectStatus.Done => null,
        ObjectStatus.InstanceNotFound => InstanceNotFound,
        ObjectStatus.ClassNotFound => ClassNotFound,
        ObjectStatus.NotFound => NotFound,
        ObjectStatus.Forbidden => Forbidden,
        ObjectStatus.Invalid => invalid ?? new FieldErrors().Add("non_field_errors", "Invalid data.").ToAnswer(),
        ObjectStatus.RevisionMismatch => mismatch,
        ObjectStatus.ChannelForbidden => ChannelForbidden,
        ObjectStatus.TooLarge => ObjectTooLarge,
        ObjectStatus.LimitReached => ClassFull,
        ObjectStatus.Overloaded or ObjectStatus.Throttled => Throttled,
        ObjectStatus.Draining => Draining,
        ObjectStatus.OutcomeUnknown => OutcomeUnknown,
        _ => throw new UnreachableException(),
    };

    /// <summary>A plain string, unlike most field errors.</summary>
    public static JsonAnswer RevisionMismatch(long expected, long actual) =>
        new(StatusCodes.Status400BadRequest, JsonBytes.Encode((expected, actual), static (json, revisions) =>
        {
            json.WriteStartObject();
            json.WriteString(
                "expected_revision"u8,
                string.Create(CultureInfo.InvariantCulture, $"Revision mismatch. Expected {revisions.expected}, got {revisions.actual}."));
            json.WriteEndObject();
        }));

    /// <summary>Why the catalogue refused.</summary>
    public static JsonAnswer? From(CatalogStatus status, string? group) => status switch
    {
        CatalogStatus.Done => null,
        CatalogStatus.InstanceNotFound => InstanceNotFound,
        CatalogStatus.NotFound => NotFound,
        CatalogStatus.Forbidden => Forbidden,
        CatalogStatus.NameTaken => new FieldErrors().Add("name", "This field must be unique.").ToAnswer(),
        CatalogStatus.Invalid => new FieldErrors().Add("non_field_errors", "Invalid data.").ToAnswer(),
        CatalogStatus.GroupNotFound => new FieldErrors().Add("group", SyncanoFieldReader.NoSuchGroup(group)).ToAnswer(),
        _ => throw new UnreachableException(),
    };

    private static JsonAnswer InvalidAddress(in ChannelAddress address) =>
        (address with { Room = null }).IsValid ? Room(address.Room?.Length > ChannelAddress.MaxNameLength) : NotFound;

    private static JsonAnswer Unavailable(string text) => Detail(StatusCodes.Status503ServiceUnavailable, text);

    private static string ThrottledText(int seconds) => string.Create(
        CultureInfo.InvariantCulture, $"Request was throttled. Expected available in {seconds} second{(seconds == 1 ? "" : "s")}.");
}
