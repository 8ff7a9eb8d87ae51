using System.Text;
using System.Text.Json;

namespace Channels.Engine;

/// <summary>Checks a class of data objects before it is stored.</summary>
internal static class ClassValidator
{
    private const int MaxDescriptionLength = 256;
    private const int MaxGroupLength = 255;
    private const int MaxFieldNameLength = 64;
    private const int MaxMetadataBytes = 8 * 1024;

    private static readonly HashSet<string> ReservedClasses = new(StringComparer.Ordinal) { "self", "user", "users", "acl" };

    // What every object has on the wires that know objects.
    private static readonly HashSet<string> ReservedFields = new(StringComparer.Ordinal)
    {
        "id", "created_at", "updated_at", "revision", "owner", "owner_permissions", "group", "group_permissions", "other_permissions",
        "channel", "channel_room", "links", "expected_revision",
    };

    public static bool IsValid(ObjectClass objectClass) =>
        IsName(objectClass.Name)
        && objectClass.Description is { Length: <= MaxDescriptionLength } description && !description.Any(char.IsControl) && IsText(description)
        && objectClass.Group is not { Length: 0 or > MaxGroupLength }
        && Enum.IsDefined(objectClass.GroupPermission)
        && Enum.IsDefined(objectClass.OtherPermission)
        && objectClass.Fields.Count <= ObjectClass.MaxFields
        && objectClass.Fields.All(IsField)
        && objectClass.Fields.DistinctBy(field => field.Name, StringComparer.Ordinal).Count() == objectClass.Fields.Count
        && IsMetadata(objectClass.Metadata);

    private static bool IsName(string? name) =>
        name is { Length: > 0 and <= ObjectClass.MaxNameLength }
        && char.IsAsciiLetterLower(name[0])
        && name[^1] != '_'
        && name.All(static letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '_')
        && !ReservedClasses.Contains(name);

    private static bool IsField(ObjectField? field) =>
        field?.Name is { Length: > 0 and <= MaxFieldNameLength } name
        && char.IsAsciiLetter(name[0])
        && name.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter == '_')
        && !ReservedFields.Contains(name)
        && Enum.IsDefined(field.Type)
        && (field.Type is ObjectFieldType.Reference or ObjectFieldType.Relation
            ? field.Target is "self" or "user" || IsName(field.Target)
            : field.Target is null);

    private static bool IsText(string text) => text.EnumerateRunes().All(rune => rune != Rune.ReplacementChar || text.Contains('\uFFFD'));

    private static bool IsMetadata(ReadOnlyMemory<byte> metadata)
    {
        if (metadata.Length > MaxMetadataBytes || !MessagePayload.IsJson(metadata.Span))
        {
            return false;
        }

        var reader = new Utf8JsonReader(metadata.Span);
        return reader.Read() && reader.TokenType == JsonTokenType.StartObject;
    }
}
