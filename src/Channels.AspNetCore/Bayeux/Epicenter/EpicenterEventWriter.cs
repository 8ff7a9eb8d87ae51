using System.Text.Json;
using Channels.AspNetCore.Http;

namespace Channels.AspNetCore.Bayeux.Epicenter;

/// <summary>Spells the events that are published automatically. Source: docs/protocols/bayeux.md#events</summary>
internal static class EpicenterEventWriter
{
    /// <summary>Spells an event.</summary>
    /// <param name="type">Type.</param>
    /// <param name="subType">What happened.</param>
    /// <param name="at">When.</param>
    /// <param name="writeData">Writes the properties of <c>data</c>.</param>
    /// <param name="user">Who caused it, if it is told.</param>
    public static byte[] Event(string type, string subType, DateTimeOffset at, Action<Utf8JsonWriter> writeData, EpicenterUser? user = null) =>
        JsonBytes.Encode((type, subType, at, writeData, user), static (json, e) =>
        {
            json.WriteStartObject();
            json.WriteString("type"u8, e.type);
            json.WriteString("subType"u8, e.subType);
            json.WriteStartObject("data"u8);
            e.writeData(json);
            json.WriteEndObject();
            if (e.user is { } user)
            {
                json.WritePropertyName("user"u8);
                WriteUser(json, user);
            }

            json.WriteString("date"u8, EpicenterDates.Format(e.at));
            json.WriteEndObject();
        });

    /// <summary>Spells that a user came or went.</summary>
    /// <param name="subType">What happened.</param>
    /// <param name="at">When.</param>
    /// <param name="user">The user, a JSON value in UTF-8.</param>
    public static byte[] UserEvent(string subType, DateTimeOffset at, ReadOnlyMemory<byte> user) => JsonBytes.Encode((subType, at, user), static (json, e) =>
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "user"u8);
        json.WriteString("subType"u8, e.subType);
        json.WritePropertyName("user"u8);
        json.WriteRawValue(e.user.Span, skipInputValidation: true);
        json.WriteString("date"u8, EpicenterDates.Format(e.at));
        json.WriteEndObject();
    });

    public static byte[] User(EpicenterUser user) => JsonBytes.Encode(user, WriteUser);

    public static void WriteUser(Utf8JsonWriter json, EpicenterUser user)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, user.Id);
        WriteText(json, "userName"u8, user.UserName);
        WriteText(json, "lastName"u8, user.LastName);
        WriteText(json, "account"u8, user.Account);
        WriteText(json, "role"u8, user.Role);
        json.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }
}
