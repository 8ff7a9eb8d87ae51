using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace Channels.Engine;

/// <summary>Composes what is published about a change of an object: the whole object, what changed with the id, or the id.</summary>
internal static class ObjectNotification
{
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static MessageDraft Created(ObjectClass objectClass, ReadOnlyMemory<byte> whole) => Draft(objectClass, MessageAction.Create, whole);

    /// <param name="objectClass">The class.</param>
    /// <param name="before">The whole object before.</param>
    /// <param name="after">The whole object after, with the same properties.</param>
    public static MessageDraft Updated(ObjectClass objectClass, ReadOnlyMemory<byte> before, ReadOnlyMemory<byte> after) =>
        Draft(objectClass, MessageAction.Update, Changes(before.Span, after.Span));

    public static MessageDraft Deleted(ObjectClass objectClass, long id) => Draft(objectClass, MessageAction.Delete, Encode(json =>
    {
        json.WriteStartObject();
        json.WriteNumber("id"u8, id);
        json.WriteEndObject();
    }));

    /// <summary>Encodes the whole object.</summary>
    public static byte[] Encode(ObjectClass objectClass, DataObject value) => Encode(json =>
    {
        json.WriteStartObject();
        DataObjectJson.WriteProperties(json, value, objectClass);
        json.WriteEndObject();
    });

    /// <summary>Encodes an object but for what it does not know before it is stored: id and times.</summary>
    public static byte[] EncodeFacts(ObjectClass objectClass, DataObject value) => Encode(json =>
    {
        json.WriteStartObject();
        DataObjectJson.WriteProperties(json, value, objectClass, static name => name is not ("id" or "created_at" or "updated_at"));
        json.WriteEndObject();
    });

    /// <summary>Encodes the whole object from its facts.</summary>
    public static byte[] Complete(DataObject value, ReadOnlySpan<byte> facts)
    {
        Span<byte> head = stackalloc byte[128];
        Utf8.TryWrite(
            head,
            CultureInfo.InvariantCulture,
            $"{{\"id\":{value.Id},\"created_at\":\"{value.CreatedAt.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.ffffff}Z\",\"updated_at\":\"{value.UpdatedAt.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.ffffff}Z\",",
            out var length);

        // The facts have a brace of their own where the head has it.
        return [.. head[..length], .. facts[1..]];
    }

    private static byte[] Changes(ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer, WriterOptions);
        json.WriteStartObject();
        var old = new Utf8JsonReader(before);
        var current = new Utf8JsonReader(after);
        old.Read();
        current.Read();
        while (current.Read() && old.Read() && current.TokenType == JsonTokenType.PropertyName)
        {
            var isAlways = current.ValueTextEquals("id"u8) || current.ValueTextEquals("updated_at"u8);
            var name = current.GetString()!;
            var oldValue = Next(ref old, before);
            var value = Next(ref current, after);
            if (isAlways || !oldValue.SequenceEqual(value))
            {
                json.WritePropertyName(name);
                json.WriteRawValue(value, skipInputValidation: true);
            }
        }

        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static ReadOnlySpan<byte> Next(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        reader.Read();
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return json[start..(int)reader.BytesConsumed];
    }

    private static MessageDraft Draft(ObjectClass objectClass, MessageAction action, ReadOnlyMemory<byte> payload) =>
        new(payload) { Action = action, ObjectClass = objectClass.Name };

    private static byte[] Encode(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer, WriterOptions);
        write(json);
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
