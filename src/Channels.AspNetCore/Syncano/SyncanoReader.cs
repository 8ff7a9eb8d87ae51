using System.Text.Json;
using Channels.AspNetCore.Http;
using Microsoft.AspNetCore.Http;

namespace Channels.AspNetCore.Syncano;

/// <summary>Requests about messages, from this wire's words to the engine's. Source: docs/protocols/syncano.md#poll and #publish</summary>
internal static class SyncanoReader
{
    private const int MaxRoomLength = 128;
    private const int MaxPayloadDepth = 64;

    private static readonly ReadOnlyMemory<byte> EmptyObject = "{}"u8.ToArray();

    public static PublishRequest ReadPublish(BodyFields body, FieldErrors errors)
    {
        var payload = ReadPayload(body.Find("payload"u8), errors);
        return new(payload, ReadRoom(body, errors));
    }

    /// <summary>Reads the query of a poll.</summary>
    /// <param name="request">The request.</param>
    /// <param name="isStream">Whether the header with which browsers resume an event stream counts.</param>
    /// <param name="errors">Where errors go.</param>
    public static PollRequest ReadPoll(HttpRequest request, bool isStream, FieldErrors errors) =>
        new(ReadCursor(request, isStream, errors), ReadRoom(request.Query, errors));

    /// <summary>Reads a position from the query, or from the header with which browsers resume.</summary>
    public static MessageCursor? ReadCursor(HttpRequest request, bool isStream, FieldErrors errors)
    {
        // The header wins: a browser repeats the address that it first came with.
        var text = (isStream ? RequestTokens.Header(request, "Last-Event-ID") : null) ?? request.Query.Last("last_id");
        if (text is null)
        {
            return null;
        }

        if (!QueryValues.TryReadInteger(text, out var id))
        {
            errors.Add("last_id", "A valid integer is required.");
        }

        return id < 0 ? null : new(id);
    }

    public static string? ReadRoom(IQueryCollection query, FieldErrors errors) =>
        query.Last("room")?.Trim() is { Length: > 0 } room ? CheckRoom(room, errors) : null;

    /// <summary>Reads a position that narrows a list; what is no number is ignored.</summary>
    public static long? ReadListStart(IQueryCollection query) =>
        query.Last("last_id") is { } text && QueryValues.TryReadInteger(text, out var id) ? id : null;

    private static string? ReadRoom(BodyFields body, FieldErrors errors)
    {
        var field = body.Find("room"u8);
        if (!field.Exists || field.IsNull)
        {
            return null;
        }

        if (!field.TryGetText(out var text))
        {
            errors.Add("room", "Not a valid string.");
            return null;
        }

        text = text.Trim();
        if (text.Length > 0)
        {
            return CheckRoom(text, errors);
        }

        if (!body.IsForm)
        {
            errors.Add("room", "This field may not be blank.");
        }

        return null;
    }

    private static string? CheckRoom(string room, FieldErrors errors)
    {
        // Counted in characters of the alphabet, not in halves of surrogate pairs.
        if (room.Length > MaxRoomLength && room.Count(unit => !char.IsLowSurrogate(unit)) > MaxRoomLength)
        {
            errors.Add("room", "Ensure this field has no more than 128 characters.");
            return null;
        }

        return room.ToLowerInvariant();
    }

    private static ReadOnlyMemory<byte> ReadPayload(in BodyField field, FieldErrors errors)
    {
        switch (field.Kind)
        {
            case JsonTokenType.None:
                return EmptyObject;
            case JsonTokenType.StartObject:
                return field.Json;
            case JsonTokenType.String:
                return ReadPayloadText(field, errors);
            default:
                errors.Add("payload", field.IsNull ? "This field may not be null." : "Payload passed in invalid format.");
                return default;
        }
    }

    private static ReadOnlyMemory<byte> ReadPayloadText(in BodyField field, FieldErrors errors)
    {
        if (!field.TryGetUtf8Text(out var text) || !TryFindObject(ref text, out var isObject))
        {
            errors.Add("payload", "Not a valid JSON string.");
            return default;
        }

        if (!isObject)
        {
            errors.Add("payload", "Payload passed in invalid format.");
        }

        return text;
    }

    /// <summary>Checks JSON text and cuts white space around its value.</summary>
    /// <returns>Whether it is JSON; empty text counts as an empty object.</returns>
    private static bool TryFindObject(ref ReadOnlyMemory<byte> text, out bool isObject)
    {
        isObject = true;
        if (text.IsEmpty)
        {
            text = EmptyObject;
            return true;
        }

        try
        {
            var reader = new Utf8JsonReader(text.Span, new JsonReaderOptions { MaxDepth = MaxPayloadDepth });
            reader.Read();
            isObject = reader.TokenType == JsonTokenType.StartObject;
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            var end = (int)reader.BytesConsumed;
            reader.Read();
            text = text[start..end];
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
