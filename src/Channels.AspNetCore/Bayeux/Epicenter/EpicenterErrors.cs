using System.Diagnostics;
using Channels.AspNetCore.Http;
using Microsoft.AspNetCore.Http;

namespace Channels.AspNetCore.Bayeux.Epicenter;

/// <summary>Every refusal of a publish over REST: an object with a message. Source: docs/protocols/bayeux.md#rest-publish</summary>
internal static class EpicenterErrors
{
    public static JsonAnswer Unauthorized { get; } = Of(StatusCodes.Status401Unauthorized, "A valid access token is required.");

    public static JsonAnswer ChannelInvalid { get; } = Of(StatusCodes.Status400BadRequest, "The channel is not one that messages can be published to.");

    public static JsonAnswer NotAnObject { get; } = Of(StatusCodes.Status400BadRequest, "The body is not a JSON object.");

    public static JsonAnswer TooLarge { get; } = Of(StatusCodes.Status413PayloadTooLarge, "The message is too large.");

    public static JsonAnswer MethodNotAllowed { get; } = Of(StatusCodes.Status405MethodNotAllowed, "Messages are published by POST.") with { Allow = "POST" };

    public static JsonAnswer StoreFailed { get; } = Of(StatusCodes.Status503ServiceUnavailable, "The storage is unavailable, try again later.");

    public static JsonAnswer Broken { get; } = Of(StatusCodes.Status500InternalServerError, "Internal server error.");

    private static JsonAnswer Forbidden { get; } = Of(StatusCodes.Status403Forbidden, "Publishing to this channel is not allowed.");

    /// <summary>A request that the server itself refused to read.</summary>
    public static JsonAnswer FromServer(int status, string text) => Of(status, text);

    /// <summary>Why a message was not published.</summary>
    /// <param name="result">How publishing ended.</param>
    /// <param name="isNobody">Whether the publisher gave no token that was good.</param>
    public static JsonAnswer? From(in PublishResult result, bool isNobody) => result.Status switch
    {
        PublishStatus.Published or PublishStatus.Duplicate => null,
        PublishStatus.Forbidden or PublishStatus.NotFound or PublishStatus.InstanceNotFound => isNobody ? Unauthorized : Forbidden,
        PublishStatus.ClientPublishDisabled => Forbidden,
        PublishStatus.RoomRequired or PublishStatus.InvalidAddress => ChannelInvalid,
        PublishStatus.InvalidPayload or PublishStatus.InvalidDraft => NotAnObject,
        PublishStatus.PayloadTooLarge => TooLarge,
        PublishStatus.Throttled => Of(StatusCodes.Status429TooManyRequests, "Too many messages, try again later.") with
        {
            RetryAfter = JsonAnswer.SecondsOf(result.RetryAfter),
        },
        PublishStatus.KeyConflict => Of(StatusCodes.Status409Conflict, "The key was used with another message."),
        PublishStatus.NotAttempted or PublishStatus.Overloaded => Of(StatusCodes.Status503ServiceUnavailable, "The server is busy, try again later."),
        PublishStatus.Draining => Of(StatusCodes.Status503ServiceUnavailable, "The server is shutting down."),
        PublishStatus.OutcomeUnknown => Of(StatusCodes.Status503ServiceUnavailable, "Whether the message was published is unknown."),
        _ => throw new UnreachableException(),
    };

    private static JsonAnswer Of(int status, string text) => new(status, JsonBytes.Encode(text, static (json, text) =>
    {
        json.WriteStartObject();
        json.WriteString("message"u8, text);
        json.WriteEndObject();
    }));
}
