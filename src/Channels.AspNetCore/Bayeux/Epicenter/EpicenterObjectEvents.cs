using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Channels.AspNetCore.Bayeux.Epicenter;

/// <summary>Tells changes of the engine's data objects as data events. Source: docs/protocols/bayeux.md#data-events</summary>
internal static class EpicenterObjectEvents
{
    // What the engine says about every object, and no client wrote.
    private static readonly string[] EngineFields =
    [
        "id", "created_at", "updated_at", "revision", "owner", "owner_permissions", "group", "group_permissions", "other_permissions",
        "channel", "channel_room", "expected_revision", "links",
    ];

    public static void Write(Utf8JsonWriter json, ChannelMessage message)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "data"u8);
        json.WriteString("subType"u8, SubTypeOf(message.Action));
        json.WriteStartObject("data"u8);
        WriteChange(json, message);
        json.WriteEndObject();
        json.WriteString("date"u8, EpicenterDates.Format(message.CreatedAt));
        json.WriteEndObject();
    }

    private static string SubTypeOf(MessageAction action) => action switch
    {
        MessageAction.Create => "new",
        MessageAction.Update => "update",
        MessageAction.Delete => "delete",
        _ => throw new UnreachableException(),
    };

    private static void WriteChange(Utf8JsonWriter json, ChannelMessage message)
    {
        var fields = ReadFields(message.Payload, out var id);
        switch (message.Action)
        {
            case MessageAction.Delete:
                json.WriteString("path"u8, $"/{id}");
                break;
            case MessageAction.Update when fields is [var only]:
                json.WriteString("path"u8, $"/{id}/{only.Name}");
                json.WritePropertyName("data"u8);
                json.WriteRawValue(only.Value.Span, skipInputValidation: true);
                break;
            case MessageAction.Update:
                json.WriteString("path"u8, $"/{id}");
                WriteFields(json, fields);
                break;
            default:
                json.WriteString("path"u8, $"/{id}");
                json.WritePropertyName("data"u8);
                json.WriteRawValue(message.Payload.Span, skipInputValidation: true);
                break;
        }
    }

    private static void WriteFields(Utf8JsonWriter json, List<(string Name, ReadOnlyMemory<byte> Value)> fields)
    {
        json.WriteStartObject("data"u8);
        foreach (var (name, value) in fields)
        {
            json.WritePropertyName(name);
            json.WriteRawValue(value.Span, skipInputValidation: true);
        }

        json.WriteEndObject();
    }

    /// <summary>Reads the fields that clients wrote, and the id.</summary>
    private static List<(string Name, ReadOnlyMemory<byte> Value)> ReadFields(ReadOnlyMemory<byte> payload, out string id)
    {
        var fields = new List<(string Name, ReadOnlyMemory<byte> Value)>();
        id = "";
        var reader = new Utf8JsonReader(payload.Span);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return fields;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            id = name == "id" ? TextOf(ref reader) : id;
            reader.Skip();
            if (!EngineFields.Contains(name))
            {
                fields.Add((name, payload[start..(int)reader.BytesConsumed]));
            }
        }

        return fields;
    }

    private static string TextOf(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.String ? reader.GetString()! : Encoding.UTF8.GetString(reader.ValueSpan);
}
