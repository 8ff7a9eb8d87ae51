using System.Buffers.Text;
using System.Diagnostics;
using System.Text.Json;
using Channels.Engine;

namespace Channels;

/// <summary>The JSON of data objects, as notifications carry it.</summary>
public static class DataObjectJson
{
    // Larger numbers would lose digits in JavaScript.
    private const int MaxNumberDigits = 15;

    /// <summary>
    /// Writes id, times, revision, owner, group and permissions, and then every field of the class; what is not set as <c>null</c>. The caller writes
    /// the braces.
    /// </summary>
    /// <param name="json">Where to write, inside an object.</param>
    /// <param name="value">The object.</param>
    /// <param name="objectClass">Its class.</param>
    /// <param name="shows">Which properties are written; <see langword="null"/> for all.</param>
    public static void WriteProperties(Utf8JsonWriter json, DataObject value, ObjectClass objectClass, Func<string, bool>? shows = null)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(value);
        ArgumentNullException.ThrowIfNull(objectClass);
        WriteNumber(json, shows, "id", value.Id);
        WriteTime(json, shows, "created_at", value.CreatedAt);
        WriteTime(json, shows, "updated_at", value.UpdatedAt);
        WriteNumber(json, shows, "revision", value.Revision);
        WriteId(json, shows, "owner", value.Owner);
        WriteText(json, shows, "owner_permissions", NameOf(value.OwnerPermission));
        WriteId(json, shows, "group", value.Group);
        WriteText(json, shows, "group_permissions", NameOf(value.GroupPermission));
        WriteText(json, shows, "other_permissions", NameOf(value.OtherPermission));
        var values = FieldValues.Split(objectClass, value.Fields);
        for (var i = 0; i < values.Length; i++)
        {
            var name = objectClass.Fields[i].Name;
            if (shows?.Invoke(name) != false)
            {
                json.WritePropertyName(name);
                json.WriteRawValue(values[i].IsEmpty ? "null"u8 : values[i].Span, skipInputValidation: true);
            }
        }
    }

    private static string NameOf(ObjectPermission permission) => permission switch
    {
        ObjectPermission.None => "none",
        ObjectPermission.Read => "read",
        ObjectPermission.Write => "write",
        ObjectPermission.Full => "full",
        _ => throw new UnreachableException(),
    };

    private static void WriteNumber(Utf8JsonWriter json, Func<string, bool>? shows, string name, long number)
    {
        if (shows?.Invoke(name) != false)
        {
            json.WriteNumber(name, number);
        }
    }

    private static void WriteText(Utf8JsonWriter json, Func<string, bool>? shows, string name, string text)
    {
        if (shows?.Invoke(name) != false)
        {
            json.WriteString(name, text);
        }
    }

    /// <summary>Writes an instant in UTC with six fractional digits.</summary>
    private static void WriteTime(Utf8JsonWriter json, Func<string, bool>? shows, string name, DateTimeOffset time)
    {
        if (shows?.Invoke(name) == false)
        {
            return;
        }

        Span<byte> text = stackalloc byte[28];
        Utf8Formatter.TryFormat(time.UtcDateTime, text, out _, 'O');

        // The round-trip format has a seventh digit where the Z goes.
        text[26] = (byte)'Z';
        json.WriteString(name, text[..27]);
    }

    /// <summary>Writes an id as the number that it spells, else as a string.</summary>
    private static void WriteId(Utf8JsonWriter json, Func<string, bool>? shows, string name, string? id)
    {
        if (shows?.Invoke(name) == false)
        {
            return;
        }

        json.WritePropertyName(name);
        WriteId(json, id);
    }

    internal static void WriteId(Utf8JsonWriter json, string? id)
    {
        if (id is { Length: > 0 and <= MaxNumberDigits } && !id.AsSpan().ContainsAnyExceptInRange('0', '9') && (id[0] != '0' || id.Length == 1))
        {
            json.WriteRawValue(id, skipInputValidation: true);
        }
        else
        {
            json.WriteStringValue(id);
        }
    }
}
