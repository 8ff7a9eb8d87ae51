using System.Diagnostics;
using System.Text.Json;
using Channels.AspNetCore.Http;

namespace Channels.AspNetCore.Syncano.Objects;

/// <summary>Classes of data objects to this wire's JSON. Source: docs/protocols/syncano.md#classes</summary>
internal static class SyncanoClassWriter
{
    public static JsonAnswer Class(int status, ObjectClass objectClass, SyncanoLinks links, FieldFilter? filter = null) =>
        new(status, JsonBytes.Encode((objectClass, links, filter), static (json, state) =>
            Write(json, state.objectClass, state.links, state.filter ?? FieldFilter.All)));

    public static JsonAnswer List(IReadOnlyList<ObjectClass> classes, PageLinks page, SyncanoLinks links, FieldFilter filter) =>
        SyncanoWriter.Page(classes, page, (json, found) => Write(json, found, links, filter));

    private static string PermissionName(ClassPermission permission) => permission switch
    {
        ClassPermission.None => "none",
        ClassPermission.Read => "read",
        ClassPermission.CreateObjects => "create_objects",
        _ => throw new UnreachableException(),
    };

    private static void Write(Utf8JsonWriter json, ObjectClass value, SyncanoLinks links, FieldFilter filter)
    {
        json.WriteStartObject();
        Write(json, filter, "name", () => json.WriteStringValue(value.Name));
        Write(json, filter, "description", () => json.WriteStringValue(value.Description));
        Write(json, filter, "schema", () => WriteSchema(json, value.Fields));
        Write(json, filter, "status", () => json.WriteStringValue("ready"u8));
        if (filter.Shows("created_at"))
        {
            SyncanoWriter.WriteTime(json, "created_at"u8, value.CreatedAt);
        }

        if (filter.Shows("updated_at"))
        {
            SyncanoWriter.WriteTime(json, "updated_at"u8, value.UpdatedAt);
        }

        Write(json, filter, "objects_count", () => json.WriteNumberValue(value.ObjectCount));
        Write(json, filter, "revision", () => json.WriteNumberValue(value.Revision));
        Write(json, filter, "group", () => WriteGroup(json, value.Group));
        Write(json, filter, "group_permissions", () => json.WriteStringValue(PermissionName(value.GroupPermission)));
        Write(json, filter, "other_permissions", () => json.WriteStringValue(PermissionName(value.OtherPermission)));
        Write(json, filter, "metadata", () => json.WriteRawValue(value.Metadata.Span, skipInputValidation: true));
        Write(json, filter, "links", () => WriteLinks(json, value, links));
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, FieldFilter filter, string name, Action write)
    {
        if (filter.Shows(name))
        {
            json.WritePropertyName(name);
            write();
        }
    }

    private static void WriteSchema(Utf8JsonWriter json, IReadOnlyList<ObjectField> fields)
    {
        json.WriteStartArray();
        foreach (var field in fields)
        {
            json.WriteStartObject();
            json.WriteString("name"u8, field.Name);
            json.WriteString("type"u8, SyncanoFieldTypes.NameOf(field.Type));
            if (field.Target is { } target)
            {
                json.WriteString("target"u8, target);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteGroup(Utf8JsonWriter json, string? group)
    {
        if (group is null)
        {
            json.WriteNullValue();
        }
        else
        {
            SyncanoWriter.WriteIdentifier(json, group);
        }
    }

    private static void WriteLinks(Utf8JsonWriter json, ObjectClass value, SyncanoLinks links)
    {
        json.WriteStartObject();
        json.WriteString("self"u8, links.Class(value.Name));
        json.WriteString("objects"u8, links.Objects(value.Name));
        if (value.Group is { } group)
        {
            json.WriteString("group"u8, links.Group(group));
        }

        json.WriteEndObject();
    }
}
