using System.Globalization;
using System.Text;
using System.Text.Json;
using Channels.AspNetCore.Http;

namespace Channels.AspNetCore.Syncano.Objects;

/// <summary>
/// Spells a value of a request as its field holds it: the original takes numbers, booleans and JSON as text too, and numbers as text. What cannot be
/// read stays as it is.
/// </summary>
internal static class SyncanoFieldValues
{
    public static void Write(Utf8JsonWriter json, ObjectFieldType type, in BodyField value)
    {
        var isText = value.FormText is not null || value.Kind == JsonTokenType.String;
        var isTextType = type is ObjectFieldType.String or ObjectFieldType.Text or ObjectFieldType.File or ObjectFieldType.DateTime;
        if ((isText != isTextType || type == ObjectFieldType.Boolean || value.FormText is not null) && value.TryGetText(out var text))
        {
            WriteText(json, type, text);
        }
        else
        {
            json.WriteRawValue(value.Json.Span, skipInputValidation: true);
        }
    }

    private static void WriteText(Utf8JsonWriter json, ObjectFieldType type, string text)
    {
        switch (type)
        {
            case ObjectFieldType.String or ObjectFieldType.Text or ObjectFieldType.File:
                json.WriteStringValue(text);
                return;
            case var _ when text.Length == 0:
                json.WriteNullValue();
                return;
            case ObjectFieldType.Boolean when SyncanoBooleans.TryParse(text, out var flag):
                json.WriteBooleanValue(flag);
                return;
            case ObjectFieldType.Integer or ObjectFieldType.Reference when long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var integer):
                json.WriteNumberValue(integer);
                return;
            case ObjectFieldType.Float when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number):
                json.WriteNumberValue(number);
                return;
            case ObjectFieldType.Object or ObjectFieldType.Array or ObjectFieldType.Relation or ObjectFieldType.GeoPoint or ObjectFieldType.Integer
                or ObjectFieldType.Float when IsJson(text):
                json.WriteRawValue(text, skipInputValidation: true);
                return;
            default:
                json.WriteStringValue(text);
                return;
        }
    }

    /// <summary>Whether a text is an object or array in JSON, such as an increment in a form.</summary>
    private static bool IsJson(string text)
    {
        if (text.AsSpan().TrimStart() is not ['{' or '[', ..])
        {
            return false;
        }

        try
        {
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text));
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
