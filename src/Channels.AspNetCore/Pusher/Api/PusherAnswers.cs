using System.Text.Json;
using Channels.AspNetCore.Http;
using Microsoft.AspNetCore.Http;

namespace Channels.AspNetCore.Pusher.Api;

/// <summary>Answers of the API. Source: docs/protocols/pusher.md#http-api</summary>
internal static class PusherAnswers
{
    public static JsonAnswer Done { get; } = new(StatusCodes.Status200OK, "{}"u8.ToArray());

    /// <summary>Channels with attributes: a hash by name, also when it is empty.</summary>
    public static JsonAnswer Channels(IReadOnlyList<KeyValuePair<string, PusherAttributes>> channels) => Ok(channels, static (json, channels) =>
    {
        json.WriteStartObject("channels"u8);
        foreach (var (name, attributes) in channels)
        {
            json.WritePropertyName(name);
            Write(json, attributes);
        }

        json.WriteEndObject();
    });

    public static JsonAnswer Batch(IReadOnlyList<PusherAttributes> events) => Ok(events, static (json, events) =>
    {
        json.WriteStartArray("batch"u8);
        foreach (var attributes in events)
        {
            Write(json, attributes);
        }

        json.WriteEndArray();
    });

    /// <summary>One channel.</summary>
    /// <param name="occupied">Whether anybody is subscribed.</param>
    /// <param name="attributes">What else was asked for.</param>
    /// <param name="cache">The last event, if asked for; none in it for none.</param>
    public static JsonAnswer Channel(bool occupied, PusherAttributes attributes, PusherCachedEvent? cache) =>
        Ok((occupied, attributes, cache), static (json, state) =>
        {
            json.WriteBoolean("occupied"u8, state.occupied);
            WriteFields(json, state.attributes);
            if (state.cache is { } cached)
            {
                WriteCache(json, cached);
            }
        });

    public static JsonAnswer Users(IReadOnlyList<PresenceMember> members) => Ok(members, static (json, members) =>
    {
        json.WriteStartArray("users"u8);
        foreach (var member in members)
        {
            json.WriteStartObject();
            json.WriteString("id"u8, member.Id);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private static JsonAnswer Ok<TState>(TState state, Action<Utf8JsonWriter, TState> write) =>
        new(StatusCodes.Status200OK, JsonBytes.Encode((state, write), static (json, content) =>
        {
            json.WriteStartObject();
            content.write(json, content.state);
            json.WriteEndObject();
        }));

    private static void Write(Utf8JsonWriter json, PusherAttributes attributes)
    {
        json.WriteStartObject();
        WriteFields(json, attributes);
        json.WriteEndObject();
    }

    private static void WriteFields(Utf8JsonWriter json, PusherAttributes attributes)
    {
        if (attributes.UserCount is { } users)
        {
            json.WriteNumber("user_count"u8, users);
        }

        if (attributes.SubscriptionCount is { } subscriptions)
        {
            json.WriteNumber("subscription_count"u8, subscriptions);
        }
    }

    private static void WriteCache(Utf8JsonWriter json, PusherCachedEvent cached)
    {
        if (cached.Message is not { } message)
        {
            json.WriteNull("cache"u8);
            return;
        }

        json.WriteStartObject("cache"u8);
        json.WritePropertyName("data"u8);
        PusherWriter.WriteData(json, message);
        json.WriteNumber("ttl"u8, cached.SecondsLeft);
        json.WriteEndObject();
    }
}
