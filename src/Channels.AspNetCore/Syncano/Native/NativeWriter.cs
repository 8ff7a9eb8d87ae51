using System.Text.Json;
using Channels.AspNetCore.Connections;
using Channels.AspNetCore.Http;
using Microsoft.AspNetCore.Http;

namespace Channels.AspNetCore.Syncano.Native;

/// <summary>Events of the stream: one JSON document each, in a WebSocket frame or in an event block. Source: docs/protocols/native.md</summary>
internal static class NativeWriter
{
    public static JsonAnswer Ticket(string ticket, TimeSpan lifetime) =>
        new(StatusCodes.Status201Created, JsonBytes.Encode((ticket, lifetime), static (json, state) =>
        {
            json.WriteStartObject();
            json.WriteString("ticket"u8, state.ticket);
            json.WriteNumber("expires_in"u8, (long)state.lifetime.TotalSeconds);
            json.WriteEndObject();
        }));

    /// <summary>The answer to a publish by a server.</summary>
    public static ValueTask AnswerPublishedAsync(HttpContext http, int status, ChannelMessage message, SyncanoLinks links) =>
        JsonBytes.AnswerAsync(http, status, (message, links), static (json, state) => SyncanoWriter.WriteAddressed(json, state.message, state.links));

    /// <summary>A message, without what goes without saying: no room, a custom action, nobody's name, no metadata.</summary>
    public static byte[] Message(ChannelMessage message) => JsonBytes.Encode(message, WriteMessage);

    /// <summary>A message as a frame, which is made in one piece.</summary>
    public static Frame MessageFrame(ChannelMessage message) => JsonBytes.Encode(message, WriteMessage, WebSocketFraming.Text);

    /// <summary>The position from which the stream is complete, and the public id of the connection.</summary>
    public static byte[] Ready(MessageCursor position, string connection) =>
        JsonBytes.Encode((position, connection), static (json, state) =>
        {
            json.WriteStartObject();
            json.WriteNumber("last_id"u8, state.position.Value);
            json.WriteString("connection"u8, state.connection);
            json.WriteEndObject();
        });

    public static byte[] Gap(in Delivery delivery) => JsonBytes.Encode(delivery, static (json, delivery) =>
    {
        json.WriteStartObject();
        WriteAddress(json, delivery.Address);
        json.WriteNumber("requested"u8, delivery.Gap.Requested.Value);
        json.WriteNumber("oldest"u8, delivery.Gap.Oldest.Value);
        json.WriteEndObject();
    });

    public static byte[] Ended(in Delivery delivery) => JsonBytes.Encode(delivery, static (json, delivery) =>
    {
        json.WriteStartObject();
        WriteAddress(json, delivery.Address);
        json.WriteString("reason"u8, delivery.Reason == AccessStatus.NotFound ? "deleted"u8 : "forbidden"u8);
        json.WriteEndObject();
    });

    /// <summary>A refusal that also says which of several addresses it is about.</summary>
    public static JsonAnswer Refused(JsonAnswer answer, string address) =>
        answer with
        {
            Body = JsonBytes.Encode((answer.Body, address), static (json, state) =>
            {
                using var error = JsonDocument.Parse(state.Body);
                json.WriteStartObject();
                foreach (var property in error.RootElement.EnumerateObject())
                {
                    property.WriteTo(json);
                }

                json.WriteString("channel"u8, state.address);
                json.WriteEndObject();
            }),
        };

    /// <summary>Makes the text of an event.</summary>
    public static byte[] Event(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
    {
        var before = "{\"event\":\""u8;
        var between = "\",\"data\":"u8;
        var frame = new byte[before.Length + name.Length + between.Length + data.Length + 1];
        var rest = frame.AsSpan();
        Append(ref rest, before);
        Append(ref rest, name);
        Append(ref rest, between);
        Append(ref rest, data);
        Append(ref rest, "}"u8);
        return frame;
    }

    private static void Append(ref Span<byte> rest, ReadOnlySpan<byte> part)
    {
        part.CopyTo(rest);
        rest = rest[part.Length..];
    }

    public static void WriteAddress(Utf8JsonWriter json, in ChannelAddress address)
    {
        json.WriteString("channel"u8, address.Channel);
        json.WriteString("room"u8, address.Room);
    }

    private static void WriteMessage(Utf8JsonWriter json, ChannelMessage message)
    {
        json.WriteStartObject();
        json.WriteNumber("id"u8, message.Id);
        json.WriteString("channel"u8, message.Address.Channel);
        if (message.Address.Room is { } room)
        {
            json.WriteString("room"u8, room);
        }

        json.WriteNumber("time"u8, message.CreatedAt.ToUnixTimeMilliseconds());
        if (message.Action != MessageAction.Custom)
        {
            json.WriteString("action"u8, SyncanoWriter.ActionName(message.Action));
        }

        if (message.Author is not { Admin: null, ApiKey: null, User: null })
        {
            SyncanoWriter.WriteAuthor(json, message.Author);
        }

        if (message.Metadata.ObjectClass is not null || message.Event is not null)
        {
            SyncanoWriter.WriteMetadata(json, message);
        }

        json.WritePropertyName("payload"u8);
        json.WriteRawValue(message.Payload.Span, skipInputValidation: true);
        json.WriteEndObject();
    }
}
