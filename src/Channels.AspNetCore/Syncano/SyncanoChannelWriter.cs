using System.Text.Json;
using Channels.AspNetCore.Http;

namespace Channels.AspNetCore.Syncano;

/// <summary>Channel descriptors to this wire's JSON. Source: docs/protocols/syncano.md#channels</summary>
internal static class SyncanoChannelWriter
{
    public static JsonAnswer Channel(int status, ChannelDescriptor channel, SyncanoLinks links, FieldFilter? filter = null) =>
        new(status, JsonBytes.Encode((channel, links, filter), static (json, state) =>
            Write(json, state.channel, state.links, state.filter ?? FieldFilter.All)));

    public static JsonAnswer List(IReadOnlyList<ChannelDescriptor> channels, PageLinks page, SyncanoLinks links, FieldFilter filter) =>
        SyncanoWriter.Page(channels, page, (json, channel) => Write(json, channel, links, filter));

    public static string PermissionName(ChannelPermission permission) => permission switch
    {
        ChannelPermission.None => "none",
        ChannelPermission.Subscribe => "subscribe",
        ChannelPermission.Publish => "publish",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    public static string TypeName(ChannelType type) => type switch
    {
        ChannelType.Default => "default",
        ChannelType.SeparateRooms => "separate_rooms",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static void Write(Utf8JsonWriter json, ChannelDescriptor channel, SyncanoLinks links, FieldFilter filter)
    {
        json.WriteStartObject();
        WriteText(json, filter, "name", channel.Name);
        WriteText(json, filter, "description", channel.Description);
        WriteText(json, filter, "type", TypeName(channel.Type));
        WriteGroup(json, filter, channel.Group);
        WriteText(json, filter, "group_permissions", PermissionName(channel.GroupPermission));
        WriteText(json, filter, "other_permissions", PermissionName(channel.OtherPermission));
        if (filter.Shows("created_at"))
        {
            SyncanoWriter.WriteTime(json, "created_at"u8, channel.CreatedAt);
        }

        if (filter.Shows("updated_at"))
        {
            SyncanoWriter.WriteTime(json, "updated_at"u8, channel.UpdatedAt);
        }

        if (filter.Shows("custom_publish"))
        {
            json.WriteBoolean("custom_publish"u8, channel.ClientsMayPublish);
        }

        if (filter.Shows("links"))
        {
            WriteLinks(json, channel, links);
        }

        json.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter json, FieldFilter filter, string name, string value)
    {
        if (filter.Shows(name))
        {
            json.WriteString(name, value);
        }
    }

    private static void WriteGroup(Utf8JsonWriter json, FieldFilter filter, string? group)
    {
        if (!filter.Shows("group"))
        {
            return;
        }

        json.WritePropertyName("group"u8);
        if (group is null)
        {
            json.WriteNullValue();
        }
        else
        {
            SyncanoWriter.WriteIdentifier(json, group);
        }
    }

    private static void WriteLinks(Utf8JsonWriter json, ChannelDescriptor channel, SyncanoLinks links)
    {
        var self = links.Channel(channel.Name);
        json.WriteStartObject("links"u8);
        json.WriteString("self"u8, self);
        if (channel.Group is { } group)
        {
            json.WriteString("group"u8, links.Group(group));
        }

        json.WriteString("poll"u8, $"{self}poll/");
        json.WriteString("publish"u8, $"{self}publish/");
        json.WriteString("history"u8, $"{self}history/");
        json.WriteEndObject();
    }
}
