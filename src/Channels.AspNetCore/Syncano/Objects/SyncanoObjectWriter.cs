using System.Text.Json;
using Channels.AspNetCore.Http;

namespace Channels.AspNetCore.Syncano.Objects;

/// <summary>Data objects to this wire's JSON. Source: docs/protocols/syncano.md#data-objects</summary>
internal static class SyncanoObjectWriter
{
    public static JsonAnswer Object(int status, DataObject value, ObjectClass objectClass, SyncanoLinks links, FieldFilter? filter = null) =>
        new(status, JsonBytes.Encode((value, objectClass, links, filter), static (json, state) =>
            Write(json, state.value, state.objectClass, state.links, state.filter ?? FieldFilter.All)));

    public static JsonAnswer List(
        IReadOnlyList<DataObject> objects, ObjectClass objectClass, PageLinks page, SyncanoLinks links, FieldFilter filter) =>
        SyncanoWriter.Page(objects, page, (json, value) => Write(json, value, objectClass, links, filter));

    private static void Write(Utf8JsonWriter json, DataObject value, ObjectClass objectClass, SyncanoLinks links, FieldFilter filter)
    {
        json.WriteStartObject();
        DataObjectJson.WriteProperties(json, value, objectClass, filter == FieldFilter.All ? null : filter.Shows);
        if (filter.Shows("channel"))
        {
            json.WriteString("channel"u8, value.Channel);
        }

        if (filter.Shows("channel_room"))
        {
            json.WriteString("channel_room"u8, value.Room);
        }

        if (filter.Shows("links"))
        {
            WriteLinks(json, value, links);
        }

        json.WriteEndObject();
    }

    private static void WriteLinks(Utf8JsonWriter json, DataObject value, SyncanoLinks links)
    {
        json.WriteStartObject("links"u8);
        json.WriteString("self"u8, links.Object(value.Class, value.Id));
        if (value.Owner is { } owner)
        {
            json.WriteString("owner"u8, links.User(owner));
        }

        if (value.Group is { } group)
        {
            json.WriteString("group"u8, links.Group(group));
        }

        if (value.Channel is { } channel)
        {
            json.WriteString("channel"u8, links.Channel(channel));
        }

        json.WriteEndObject();
    }
}
