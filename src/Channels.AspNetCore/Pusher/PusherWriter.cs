using System.Text.Json;
using Channels.AspNetCore.Http;

namespace Channels.AspNetCore.Pusher;

/// <summary>Events as clients get them. Source: docs/protocols/pusher.md#events-to-clients</summary>
internal static class PusherWriter
{
    private const string DefaultEvent = "message";

    public static byte[] Ping { get; } = "{\"event\":\"pusher:ping\",\"data\":{}}"u8.ToArray();

    public static byte[] Pong { get; } = "{\"event\":\"pusher:pong\",\"data\":{}}"u8.ToArray();

    /// <summary>The first event of a connection.</summary>
    public static byte[] Established(string socketId, TimeSpan activityTimeout) => JsonBytes.Encode((socketId, activityTimeout), static (json, state) =>
    {
        Start(json, "pusher:connection_established"u8, channel: null);
        WriteText(json, JsonBytes.Encode(state, static (inner, state) =>
        {
            inner.WriteStartObject();
            inner.WriteString("socket_id"u8, state.socketId);
            inner.WriteNumber("activity_timeout"u8, (long)state.activityTimeout.TotalSeconds);
            inner.WriteEndObject();
        }));
        json.WriteEndObject();
    });

    /// <summary>A message, whoever published it. What another front end published may not pass for an event of the service.</summary>
    public static byte[] Message(ChannelMessage message) => JsonBytes.Encode(message, static (json, message) =>
    {
        json.WriteStartObject();
        json.WriteString("event"u8, EventOf(message));
        json.WriteString("channel"u8, PusherAddresses.NameOf(message.Address));
        json.WritePropertyName("data"u8);
        if (IsClientEvent(message))
        {
            json.WriteRawValue(message.Payload.Span, skipInputValidation: true);
            WriteSender(json, message);
        }
        else
        {
            WriteData(json, message);
        }

        json.WriteEndObject();
    });

    /// <summary>The data of an event as the string that its publisher wrote.</summary>
    public static void WriteData(Utf8JsonWriter json, ChannelMessage message)
    {
        if (message.Attributes.Format == PayloadFormat.Text)
        {
            json.WriteRawValue(message.Payload.Span, skipInputValidation: true);
        }
        else
        {
            json.WriteStringValue(message.Payload.Span);
        }
    }

    public static byte[] SubscriptionSucceeded(string channel) => JsonBytes.Encode(channel, static (json, channel) =>
    {
        Start(json, "pusher_internal:subscription_succeeded"u8, channel);
        json.WriteString("data"u8, "{}"u8);
        json.WriteEndObject();
    });

    public static byte[] PresenceSucceeded(string channel, PresenceSnapshot members) =>
        JsonBytes.Encode((channel, members), static (json, state) =>
        {
            Start(json, "pusher_internal:subscription_succeeded"u8, state.channel);
            WriteText(json, JsonBytes.Encode(state.members, WriteMembers));
            json.WriteEndObject();
        });

    public static byte[] SubscriptionError(string channel, PusherRefusal refusal) =>
        JsonBytes.Encode((channel, refusal), static (json, state) =>
        {
            Start(json, "pusher:subscription_error"u8, state.channel);
            json.WriteStartObject("data"u8);
            json.WriteString("type"u8, state.refusal.Type);
            json.WriteString("error"u8, state.refusal.Error);
            json.WriteNumber("status"u8, state.refusal.Status);
            json.WriteEndObject();
            json.WriteEndObject();
        });

    /// <summary>A subscription ended that the client did not end.</summary>
    public static byte[] SubscriptionEnded(in Delivery delivery) => SubscriptionError(
        PusherAddresses.NameOf(delivery.Address),
        delivery.Reason == AccessStatus.NotFound ? PusherErrors.ChannelDeleted : PusherErrors.NotPermitted);

    public static byte[] MemberChanged(PresenceChange change) => JsonBytes.Encode(change, static (json, change) =>
    {
        var isAdded = change.Kind == PresenceChangeKind.Added;
        Start(json, isAdded ? "pusher_internal:member_added"u8 : "pusher_internal:member_removed"u8, PusherAddresses.NameOf(change.Address));
        WriteText(json, JsonBytes.Encode((change.Member!, isAdded), static (inner, state) =>
        {
            inner.WriteStartObject();
            inner.WriteString("user_id"u8, state.Item1.Id);
            if (state.isAdded && !state.Item1.Info.IsEmpty)
            {
                inner.WritePropertyName("user_info"u8);
                inner.WriteRawValue(state.Item1.Info.Span, skipInputValidation: true);
            }

            inner.WriteEndObject();
        }));
        json.WriteEndObject();
    });

    public static byte[] CacheMiss(string channel) => JsonBytes.Encode(channel, static (json, channel) =>
    {
        Start(json, "pusher:cache_miss"u8, channel);
        json.WriteEndObject();
    });

    public static byte[] SubscriptionCount(string channel, int count) => JsonBytes.Encode((channel, count), static (json, state) =>
    {
        Start(json, "pusher_internal:subscription_count"u8, state.channel);
        WriteText(json, JsonBytes.Encode(state.count, static (inner, count) =>
        {
            inner.WriteStartObject();
            inner.WriteNumber("subscription_count"u8, count);
            inner.WriteEndObject();
        }));
        json.WriteEndObject();
    });

    /// <param name="userData">What the client sent, as it is.</param>
    public static byte[] SignInSucceeded(string userData) => JsonBytes.Encode(userData, static (json, userData) =>
    {
        Start(json, "pusher:signin_success"u8, channel: null);
        json.WriteStartObject("data"u8);
        json.WriteString("user_data"u8, userData);
        json.WriteEndObject();
        json.WriteEndObject();
    });

    /// <summary>Who of a watchlist is there and who is not; empty lists are left out.</summary>
    public static byte[] WatchlistEvents(IReadOnlyList<string> online, IReadOnlyList<string> offline) =>
        JsonBytes.Encode((online, offline), static (json, state) =>
        {
            Start(json, "pusher_internal:watchlist_events"u8, channel: null);
            WriteText(json, JsonBytes.Encode(state, static (inner, state) =>
            {
                inner.WriteStartObject();
                inner.WriteStartArray("events"u8);
                WriteWatchlistEvent(inner, "online"u8, state.online);
                WriteWatchlistEvent(inner, "offline"u8, state.offline);
                inner.WriteEndArray();
                inner.WriteEndObject();
            }));
            json.WriteEndObject();
        });

    /// <summary>A user of a watchlist came or went.</summary>
    public static byte[] UserChanged(PresenceChange change)
    {
        string[] users = [change.Address.Channel[PusherChannel.UserPrefix.Length..]];
        var isOnline = change.Kind == PresenceChangeKind.Added || change.Snapshot is { Count: > 0 };
        return isOnline ? WatchlistEvents(users, []) : WatchlistEvents([], users);
    }

    /// <param name="code">A code, or nothing where the original has none.</param>
    /// <param name="text">Text for people.</param>
    public static byte[] Error(int? code, string text) => JsonBytes.Encode((code, text), static (json, state) =>
    {
        Start(json, "pusher:error"u8, channel: null);
        json.WriteStartObject("data"u8);
        if (state.code is { } code)
        {
            json.WriteNumber("code"u8, code);
        }
        else
        {
            json.WriteNull("code"u8);
        }

        json.WriteString("message"u8, state.text);
        json.WriteEndObject();
        json.WriteEndObject();
    });

    private static string EventOf(ChannelMessage message) => message.Event switch
    {
        null => message.Action == MessageAction.Custom ? DefaultEvent : message.Action.ToString().ToLowerInvariant(),
        var name when PusherEventNames.IsReserved(name) => DefaultEvent,
        var name => name,
    };

    private static bool IsClientEvent(ChannelMessage message) =>
        message.Attributes.FromClient && message.Event is { } name && PusherEventNames.IsClientEvent(name);

    private static void WriteSender(Utf8JsonWriter json, ChannelMessage message)
    {
        if (message.Attributes.SenderMember is { } member && message.Address.Channel.StartsWith(PusherChannel.PresencePrefix, StringComparison.Ordinal))
        {
            json.WriteString("user_id"u8, member);
        }
    }

    private static void WriteMembers(Utf8JsonWriter json, PresenceSnapshot snapshot)
    {
        json.WriteStartObject();
        json.WriteStartObject("presence"u8);
        json.WriteNumber("count"u8, snapshot.Count);
        json.WriteStartArray("ids"u8);
        foreach (var member in snapshot.Members)
        {
            json.WriteStringValue(member.Id);
        }

        json.WriteEndArray();
        json.WriteStartObject("hash"u8);
        foreach (var member in snapshot.Members)
        {
            json.WritePropertyName(member.Id);
            json.WriteRawValue(member.Info.IsEmpty ? "null"u8 : member.Info.Span, skipInputValidation: true);
        }

        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteWatchlistEvent(Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyList<string> users)
    {
        if (users.Count == 0)
        {
            return;
        }

        json.WriteStartObject();
        json.WriteString("name"u8, name);
        json.WriteStartArray("user_ids"u8);
        foreach (var user in users)
        {
            json.WriteStringValue(user);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Start(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? channel)
    {
        json.WriteStartObject();
        json.WriteString("event"u8, name);
        if (channel is not null)
        {
            json.WriteString("channel"u8, channel);
        }
    }

    /// <summary>The data of most events is a string of JSON.</summary>
    private static void WriteText(Utf8JsonWriter json, ReadOnlySpan<byte> data) => json.WriteString("data"u8, data);
}
