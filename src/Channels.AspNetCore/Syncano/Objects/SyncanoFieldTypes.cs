namespace Channels.AspNetCore.Syncano.Objects;

/// <summary>The names of field types on this wire.</summary>
internal static class SyncanoFieldTypes
{
    private static readonly string[] Names =
        ["string", "text", "integer", "float", "boolean", "datetime", "file", "reference", "relation", "object", "array", "geopoint"];

    public static string NameOf(ObjectFieldType type) => Names[(int)type];

    public static bool TryParse(string? name, out ObjectFieldType type)
    {
        var index = Array.IndexOf(Names, name);
        type = (ObjectFieldType)Math.Max(index, 0);
        return index >= 0;
    }
}
