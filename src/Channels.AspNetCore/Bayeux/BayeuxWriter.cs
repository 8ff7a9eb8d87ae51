using System.Text.Json;
using Channels.AspNetCore.Bayeux.Epicenter;
using Channels.AspNetCore.Http;

namespace Channels.AspNetCore.Bayeux;

/// <summary>Spells replies and events. Source: docs/protocols/bayeux.md#messages</summary>
internal static class BayeuxWriter
{
    private const string Version = "1.0";

    /// <summary>Spells replies as an array.</summary>
    /// <param name="replies">The replies, at least one.</param>
    /// <param name="now">When they go out, milliseconds since 1970.</param>
    public static byte[] Replies(IReadOnlyList<BayeuxReply> replies, long now) => JsonBytes.Encode((Replies: replies, Now: now), static (json, state) =>
    {
        json.WriteStartArray();
        for (var i = 0; i < state.Replies.Count; i++)
        {
            WriteReply(json, state.Replies[i], state.Now);
        }

        json.WriteEndArray();
    });

    /// <summary>Spells an event as an array of its own.</summary>
    /// <param name="message">The message.</param>
    /// <param name="path">The channel as the client knows it.</param>
    public static byte[] Event(ChannelMessage message, string path) => JsonBytes.Encode((Message: message, Path: path), static (json, state) =>
    {
        json.WriteStartArray();
        json.WriteStartObject();
        json.WriteString("channel"u8, state.Path);
        json.WritePropertyName("data"u8);
        WriteData(json, state.Message);
        WriteExt(json, state.Message.Attributes);
        json.WriteEndObject();
        json.WriteEndArray();
    });

    private static void WriteData(Utf8JsonWriter json, ChannelMessage message)
    {
        if (message.Action == MessageAction.Custom)
        {
            json.WriteRawValue(message.Payload.Span, skipInputValidation: true);
        }
        else
        {
            EpicenterObjectEvents.Write(json, message);
        }
    }

    private static void WriteExt(Utf8JsonWriter json, MessageAttributes attributes)
    {
        var binary = BayeuxExtras.Binary(attributes);
        if (binary.IsEmpty)
        {
            return;
        }

        json.WriteStartObject("ext"u8);
        json.WritePropertyName("binary"u8);
        json.WriteRawValue(binary.Span, skipInputValidation: true);
        json.WriteEndObject();
    }

    private static void WriteReply(Utf8JsonWriter json, BayeuxReply reply, long now)
    {
        var request = reply.Request;
        json.WriteStartObject();
        WriteRaw(json, "id"u8, request.Id.Kind is JsonTokenType.String or JsonTokenType.Number ? request.Id : default);
        if (request.Channel is { } channel)
        {
            json.WriteString("channel"u8, channel);
        }

        if (request.IsHandshake)
        {
            WriteHandshake(json, reply);
        }

        if (request.Channel is BayeuxChannel.Subscribe or BayeuxChannel.Unsubscribe)
        {
            WriteRaw(json, "subscription"u8, request.Subscription);
        }

        json.WriteBoolean("successful"u8, reply.Error is null);
        if (reply.Error is { } error)
        {
            json.WriteString("error"u8, error);
        }

        if (reply.Advice is { } advice)
        {
            WriteAdvice(json, advice);
        }

        WriteExt(json, reply, now);
        json.WriteEndObject();
    }

    private static void WriteHandshake(Utf8JsonWriter json, BayeuxReply reply)
    {
        json.WriteString("version"u8, Version);
        json.WriteString("minimumVersion"u8, Version);
        json.WriteStartArray("supportedConnectionTypes"u8);
        foreach (var type in reply.ConnectionTypes ?? [])
        {
            json.WriteStringValue(type);
        }

        json.WriteEndArray();
        if (reply.ClientId is { } id)
        {
            json.WriteString("clientId"u8, id);
        }
    }

    private static void WriteAdvice(Utf8JsonWriter json, BayeuxAdvice advice)
    {
        json.WriteStartObject("advice"u8);
        json.WriteString("reconnect"u8, advice.Reconnect);
        if (advice.Interval is { } interval)
        {
            json.WriteNumber("interval"u8, (long)interval.TotalMilliseconds);
        }

        if (advice.Timeout is { } timeout)
        {
            json.WriteNumber("timeout"u8, (long)timeout.TotalMilliseconds);
        }

        if (advice.HasMultipleClients)
        {
            json.WriteBoolean("multiple-clients"u8, true);
        }

        json.WriteEndObject();
    }

    private static void WriteExt(Utf8JsonWriter json, BayeuxReply reply, long now)
    {
        if (!reply.Acknowledges && reply.Batch == 0 && reply.TimeSync is null)
        {
            return;
        }

        json.WriteStartObject("ext"u8);
        if (reply.Acknowledges)
        {
            json.WriteBoolean("ack"u8, true);
        }

        if (reply.Batch > 0)
        {
            json.WriteNumber("ack"u8, reply.Batch);
        }

        if (reply.TimeSync is { } sync)
        {
            WriteTimeSync(json, sync, now);
        }

        json.WriteEndObject();
    }

    private static void WriteTimeSync(Utf8JsonWriter json, in BayeuxTimeSync sync, long now)
    {
        json.WriteStartObject("timesync"u8);
        json.WriteNumber("tc"u8, sync.SentAt);
        json.WriteNumber("ts"u8, sync.ReceivedAt);
        json.WriteNumber("p"u8, now - sync.ReceivedAt);
        if (sync.Error is { } error)
        {
            json.WriteNumber("a"u8, error);
        }

        json.WriteEndObject();
    }

    private static void WriteRaw(Utf8JsonWriter json, ReadOnlySpan<byte> name, in BodyField field)
    {
        if (field.Exists)
        {
            json.WritePropertyName(name);
            json.WriteRawValue(field.Json.Span, skipInputValidation: true);
        }
    }
}
