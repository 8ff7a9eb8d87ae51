using System.Text;
using System.Text.Json;
using Channels.AspNetCore.Http;

namespace Channels.AspNetCore.Syncano.Objects;

/// <summary>Requests about classes, from this wire's words to the engine's. Source: docs/protocols/syncano.md#classes</summary>
internal sealed class SyncanoClassReader(BodyFields body, FieldErrors errors) : SyncanoFieldReader(body, errors)
{
    private static readonly string[] PermissionNames = ["none", "read", "create_objects"];

    // As in the original: classes of its own.
    private static readonly string[] Reserved = ["self", "user", "users", "acl"];

    /// <summary>Reads what a request says about a class.</summary>
    /// <param name="body">Fields of the request.</param>
    /// <param name="isNew">Whether the name counts; it cannot change later.</param>
    /// <param name="errors">Where errors go.</param>
    public static ClassEdit Read(BodyFields body, bool isNew, FieldErrors errors) => new SyncanoClassReader(body, errors).Read(isNew);

    private ClassEdit Read(bool isNew)
    {
        var name = isNew ? ReadName() : null;
        var description = ReadDescription();
        var fields = ReadSchema(isNew);
        var hasGroup = TryReadGroup(out var group);
        return new()
        {
            Name = name,
            Description = description,
            Fields = fields,
            Metadata = ReadMetadata(),
            HasGroup = hasGroup,
            Group = group,
            GroupPermission = (ClassPermission?)ReadChoice("group_permissions", PermissionNames),
            OtherPermission = (ClassPermission?)ReadChoice("other_permissions", PermissionNames),
        };
    }

    private string? ReadName()
    {
        if (ReadLoweredName() is not { } name)
        {
            return null;
        }

        if (!char.IsAsciiLetterLower(name[0]))
        {
            Errors.Add("name", "Value has to start with a letter.");
        }

        if (!char.IsAsciiLetterLower(name[^1]) && !char.IsAsciiDigit(name[^1]))
        {
            Errors.Add("name", "Value has to end with a letter or a number.");
        }

        if (!name.All(static letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '_') || Reserved.Contains(name))
        {
            Errors.Add("name", Reserved.Contains(name) ? "This value is reserved." : "Enter a valid value consisting of letters, numbers, underscores.");
        }

        if (LengthOf(name) is > ObjectClass.MaxNameLength and var length)
        {
            Errors.Add("name", $"Ensure this value has at most 64 characters (it has {length}).");
        }

        return name;
    }

    private List<ObjectField>? ReadSchema(bool isNew)
    {
        var field = Body.Find("schema"u8);
        if (!field.Exists)
        {
            if (isNew)
            {
                Errors.Add("schema", "This field is required.");
            }

            return null;
        }

        if (TryReadJson(field) is not { ValueKind: JsonValueKind.Array } schema)
        {
            Errors.Add("schema", "Schema should be a list of objects.");
            return null;
        }

        var fields = new List<ObjectField>();
        foreach (var element in schema.EnumerateArray())
        {
            if (ReadField(element, fields) is { } problem)
            {
                Errors.Add("schema", problem);
                return null;
            }
        }

        return fields;
    }

    /// <returns>What is wrong with it, if anything; whether its name is free to use is the engine's to say.</returns>
    private static string? ReadField(JsonElement element, List<ObjectField> fields)
    {
        if (element.ValueKind != JsonValueKind.Object || TextOf(element, "name") is not { Length: > 0 } name)
        {
            return "Each field needs a name.";
        }

        if (!SyncanoFieldTypes.TryParse(TextOf(element, "type"), out var type))
        {
            return $"Field \"{name}\" has an unknown type.";
        }

        var isLink = type is ObjectFieldType.Reference or ObjectFieldType.Relation;
        var target = TextOf(element, "target");
        if (isLink && string.IsNullOrEmpty(target))
        {
            return $"Field \"{name}\" needs a target.";
        }

        if (fields.Exists(known => known.Name == name))
        {
            return $"Field \"{name}\" comes twice.";
        }

        fields.Add(new(name, type, isLink ? target : null));
        return fields.Count > ObjectClass.MaxFields ? "Too many fields." : null;
    }

    private ReadOnlyMemory<byte>? ReadMetadata()
    {
        var field = Body.Find("metadata"u8);
        if (!field.Exists)
        {
            return null;
        }

        if (TryReadJson(field) is { ValueKind: JsonValueKind.Object } metadata)
        {
            return Encoding.UTF8.GetBytes(metadata.GetRawText());
        }

        Errors.Add("metadata", "Not a valid JSON string.");
        return null;
    }

    /// <summary>Reads JSON, or text that contains JSON.</summary>
    private static JsonElement? TryReadJson(in BodyField field)
    {
        var json = field.Json;
        if (field.FormText is not null || field.Kind == JsonTokenType.String)
        {
            if (!field.TryGetUtf8Text(out json))
            {
                return null;
            }
        }

        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? TextOf(JsonElement element, string name)
    {
        try
        {
            return element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // An escaped lone surrogate.
            return null;
        }
    }
}
