using System.Text.Json;
using Channels.AspNetCore.Http;

namespace Channels.AspNetCore.Pusher.Webhooks;

/// <summary>Bodies of webhooks. Source: docs/protocols/pusher.md#webhooks</summary>
internal static class PusherWebhookWriter
{
    public static byte[] Write(IReadOnlyList<PusherWebhookEvent> events, DateTimeOffset at) => JsonBytes.Encode((events, at), static (json, state) =>
    {
        json.WriteStartObject();
        json.WriteNumber("time_ms"u8, state.at.ToUnixTimeMilliseconds());
        json.WriteStartArray("events"u8);
        foreach (var one in state.events)
        {
            Write(json, one);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static void Write(Utf8JsonWriter json, PusherWebhookEvent one)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, one.Name);
        json.WriteString("channel"u8, one.Channel);
        if (one.Message is { } message)
        {
            json.WriteString("event"u8, message.Event);
            json.WriteString("data"u8, message.Payload.Span);
            json.WriteString("socket_id"u8, message.ExcludedConnection);
        }

        if (one.UserId is not null)
        {
            json.WriteString("user_id"u8, one.UserId);
        }

        if (one.SubscriptionCount is { } count)
        {
            json.WriteNumber("subscription_count"u8, count);
        }

        json.WriteEndObject();
    }
}
