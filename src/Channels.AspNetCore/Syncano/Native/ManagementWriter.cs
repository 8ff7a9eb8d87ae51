using System.Text.Json;
using Channels.AspNetCore.Http;
using Microsoft.AspNetCore.Http;

namespace Channels.AspNetCore.Syncano.Native;

/// <summary>Connections, members and occupied addresses as JSON. Source: docs/rest-api.md#management</summary>
internal static class ManagementWriter
{
    public static void WriteConnection(Utf8JsonWriter json, ConnectionInfo connection)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, connection.Id);
        json.WriteString("protocol"u8, connection.Protocol);
        WriteCaller(json, connection.Caller);
        SyncanoWriter.WriteTime(json, "since"u8, connection.Since);
        WriteAddresses(json, "subscriptions"u8, connection.Subscriptions);
        json.WriteStartArray("patterns"u8);
        foreach (var pattern in connection.Patterns)
        {
            json.WriteStringValue(pattern);
        }

        json.WriteEndArray();
        WriteAddresses(json, "presences"u8, connection.Presences);
        json.WriteStartObject("queue"u8);
        json.WriteNumber("messages"u8, connection.Queue.Messages);
        json.WriteNumber("bytes"u8, connection.Queue.Bytes);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    public static void WriteOccupancy(Utf8JsonWriter json, AddressOccupancy occupancy)
    {
        json.WriteStartObject();
        NativeWriter.WriteAddress(json, occupancy.Address);
        json.WriteNumber("subscriptions"u8, occupancy.Subscriptions);
        json.WriteNumber("members"u8, occupancy.Members);
        json.WriteEndObject();
    }

    public static JsonAnswer Members(PresencePage page, PageLinks links) =>
        new(StatusCodes.Status200OK, JsonBytes.Encode((page, links), static (json, state) =>
        {
            json.WriteStartObject();
            json.WriteString("next"u8, state.links.Next);
            json.WriteString("prev"u8, state.links.Previous);
            json.WriteNumber("count"u8, state.page.Count);
            json.WriteNumber("version"u8, state.page.Version);
            json.WriteStartArray("objects"u8);
            foreach (var member in state.page.Members)
            {
                json.WriteStartObject();
                json.WriteString("id"u8, member.Id);
                json.WritePropertyName("info"u8);
                json.WriteRawValue(member.Info.IsEmpty ? "null"u8 : member.Info.Span, skipInputValidation: true);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }));

    private static void WriteCaller(Utf8JsonWriter json, ChannelCaller caller)
    {
        json.WriteStartObject("caller"u8);
        json.WriteString("kind"u8, caller.Kind switch
        {
            CallerKind.Host => "host"u8,
            CallerKind.Admin => "admin"u8,
            CallerKind.ApiKey => "api_key"u8,
            CallerKind.User => "user"u8,
            _ => "anonymous"u8,
        });
        WritePart(json, "admin"u8, caller.AdminId);
        WritePart(json, "api_key"u8, caller.ApiKeyId);
        WritePart(json, "user"u8, caller.UserId);
        json.WriteEndObject();
    }

    private static void WritePart(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? id)
    {
        if (id is not null)
        {
            json.WriteString(name, id);
        }
    }

    private static void WriteAddresses(Utf8JsonWriter json, ReadOnlySpan<byte> name, IReadOnlyList<ChannelAddress> addresses)
    {
        json.WriteStartArray(name);
        foreach (var address in addresses)
        {
            json.WriteStartObject();
            NativeWriter.WriteAddress(json, address);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
