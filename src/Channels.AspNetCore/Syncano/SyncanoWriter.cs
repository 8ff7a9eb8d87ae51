using System.Buffers.Text;
using System.Text.Json;
using Channels.AspNetCore.Http;
using Microsoft.AspNetCore.Http;

namespace Channels.AspNetCore.Syncano;

/// <summary>Engine messages to this wire's JSON. Source: docs/protocols/syncano.md#messages</summary>
internal static class SyncanoWriter
{
    // Larger numbers would lose digits in JavaScript.
    private const int MaxNumberDigits = 15;

    /// <summary>The form of polls and streams.</summary>
    public static byte[] Message(ChannelMessage message) => JsonBytes.Encode(message, static (json, message) =>
    {
        json.WriteStartObject();
        WriteId(json, message);
        WriteContent(json, message, FieldFilter.All);
        json.WriteEndObject();
    });

    /// <summary>Writes a message with where it was published and where it can be read.</summary>
    public static void WriteAddressed(Utf8JsonWriter json, ChannelMessage message, SyncanoLinks links)
    {
        json.WriteStartObject();
        WriteId(json, message);
        json.WriteString("channel"u8, message.Address.Channel);
        json.WriteString("room"u8, message.Address.Room);
        WriteContent(json, message, FieldFilter.All);
        WriteSelf(json, message, links);
        json.WriteEndObject();
    }

    /// <summary>Answers a publish.</summary>
    public static ValueTask AnswerStoredAsync(HttpContext http, ChannelMessage message, SyncanoLinks links) =>
        JsonBytes.AnswerAsync(http, StatusCodes.Status201Created, (message, links), static (json, state) =>
            WriteStored(json, state.message, state.links, FieldFilter.All));

    /// <summary>The form of history and of the answer to a publish.</summary>
    public static JsonAnswer Stored(int status, ChannelMessage message, SyncanoLinks links, FieldFilter? filter = null) =>
        new(status, JsonBytes.Encode((message, links, filter), static (json, state) =>
            WriteStored(json, state.message, state.links, state.filter ?? FieldFilter.All)));

    /// <summary>A page of messages.</summary>
    public static JsonAnswer History(IReadOnlyList<ChannelMessage> messages, PageLinks page, SyncanoLinks links, FieldFilter filter) =>
        Page(messages, page, (json, message) => WriteStored(json, message, links, filter));

    /// <summary>A page of anything.</summary>
    public static JsonAnswer Page<T>(IReadOnlyList<T> items, PageLinks page, Action<Utf8JsonWriter, T> write) =>
        new(StatusCodes.Status200OK, JsonBytes.Encode((items, page, write), static (json, state) =>
        {
            json.WriteStartObject();
            json.WriteString("next"u8, state.page.Next);
            json.WriteString("prev"u8, state.page.Previous);
            json.WriteStartArray("objects"u8);
            foreach (var item in state.items)
            {
                state.write(json, item);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }));

    /// <summary>What is missing in a stream.</summary>
    public static byte[] Gap(MessageGap gap) => JsonBytes.Encode(gap, static (json, gap) =>
    {
        json.WriteStartObject();
        json.WriteNumber("requested"u8, gap.Requested.Value);
        json.WriteNumber("oldest"u8, gap.Oldest.Value);
        json.WriteEndObject();
    });

    /// <summary>The answer to OPTIONS.</summary>
    public static JsonAnswer Options(string allow) =>
        new(StatusCodes.Status200OK, """{"renders":["application/json"],"parses":["application/json"]}"""u8.ToArray()) { Allow = allow };

    /// <summary>Writes an id as the number that it spells, else as a string.</summary>
    public static void WriteIdentifier(Utf8JsonWriter json, string id)
    {
        var isNumber = id.Length is > 0 and <= MaxNumberDigits && !id.AsSpan().ContainsAnyExceptInRange('0', '9') && (id[0] != '0' || id.Length == 1);
        if (isNumber)
        {
            json.WriteRawValue(id, skipInputValidation: true);
        }
        else
        {
            json.WriteStringValue(id);
        }
    }

    /// <summary>Writes an instant in UTC with six fractional digits.</summary>
    public static void WriteTime(Utf8JsonWriter json, ReadOnlySpan<byte> name, DateTimeOffset time)
    {
        Span<byte> text = stackalloc byte[28];
        Utf8Formatter.TryFormat(time.UtcDateTime, text, out _, 'O');

        // The round-trip format has a seventh digit where the Z goes.
        text[26] = (byte)'Z';
        json.WriteString(name, text[..27]);
    }

    private static void WriteStored(Utf8JsonWriter json, ChannelMessage message, SyncanoLinks links, FieldFilter filter)
    {
        json.WriteStartObject();
        if (filter.Shows("id"))
        {
            WriteId(json, message);
        }

        if (filter.Shows("room"))
        {
            json.WriteString("room"u8, message.Address.Room);
        }

        WriteContent(json, message, filter);
        if (filter.Shows("links"))
        {
            WriteSelf(json, message, links);
        }

        json.WriteEndObject();
    }

    private static void WriteId(Utf8JsonWriter json, ChannelMessage message) => json.WriteNumber("id"u8, message.Id);

    private static void WriteContent(Utf8JsonWriter json, ChannelMessage message, FieldFilter filter)
    {
        if (filter.Shows("created_at"))
        {
            WriteTime(json, "created_at"u8, message.CreatedAt);
        }

        if (filter.Shows("action"))
        {
            json.WriteString("action"u8, ActionName(message.Action));
        }

        if (filter.Shows("author"))
        {
            WriteAuthor(json, message.Author);
        }

        if (filter.Shows("metadata"))
        {
            WriteMetadata(json, message);
        }

        if (filter.Shows("payload"))
        {
            json.WritePropertyName("payload"u8);
            json.WriteRawValue(message.Payload.Span, skipInputValidation: true);
        }
    }

    public static ReadOnlySpan<byte> ActionName(MessageAction action) => action switch
    {
        MessageAction.Custom => "custom"u8,
        MessageAction.Create => "create"u8,
        MessageAction.Update => "update"u8,
        MessageAction.Delete => "delete"u8,
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    public static void WriteAuthor(Utf8JsonWriter json, MessageAuthor author)
    {
        json.WriteStartObject("author"u8);
        WritePart(json, "admin"u8, author.Admin);
        WritePart(json, "api_key"u8, author.ApiKey);
        WritePart(json, "user"u8, author.User);
        json.WriteEndObject();
    }

    private static void WritePart(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? id)
    {
        if (id is not null)
        {
            json.WritePropertyName(name);
            WriteIdentifier(json, id);
        }
    }

    public static void WriteMetadata(Utf8JsonWriter json, ChannelMessage message)
    {
        json.WriteStartObject("metadata"u8);
        json.WriteString("type"u8, message.Metadata.ObjectClass is null ? "message"u8 : "object"u8);
        if (message.Metadata.ObjectClass is { } objectClass)
        {
            json.WriteString("class"u8, objectClass);
        }

        if (message.Event is { } name)
        {
            json.WriteString("event"u8, name);
        }

        json.WriteEndObject();
    }

    private static void WriteSelf(Utf8JsonWriter json, ChannelMessage message, SyncanoLinks links)
    {
        json.WriteStartObject("links"u8);
        links.WriteMessage(json, "self"u8, message.Address.Channel, message.Id);
        json.WriteEndObject();
    }
}
