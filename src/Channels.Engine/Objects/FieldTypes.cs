using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Channels.Engine;

/// <summary>Checks a value against the type of its field, and spells it in one way, so that equal values are equal bytes.</summary>
internal static class FieldTypes
{
    private const int MaxStringLength = 128;
    private const int MaxTextLength = 32_000;
    private const int MaxFileLength = 2048;
    private const int MaxRelations = 1000;

    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <param name="type">The type.</param>
    /// <param name="json">One valid JSON value that is not null.</param>
    /// <param name="value">The value as it is kept.</param>
    /// <param name="limit">What it exceeds, when it is too long.</param>
    /// <returns>What is wrong with it, if anything.</returns>
    public static ObjectProblemKind? Check(ObjectFieldType type, ReadOnlyMemory<byte> json, out ReadOnlyMemory<byte> value, out int limit)
    {
        limit = type switch
        {
            ObjectFieldType.String => MaxStringLength,
            ObjectFieldType.Text => MaxTextLength,
            ObjectFieldType.File => MaxFileLength,
            ObjectFieldType.Relation => MaxRelations,
            _ => 0,
        };
        var reader = new Utf8JsonReader(json.Span);
        reader.Read();
        return type switch
        {
            ObjectFieldType.String or ObjectFieldType.Text or ObjectFieldType.File => CheckText(ref reader, limit, out value),
            ObjectFieldType.Integer => CheckInteger(ref reader, long.MinValue, out value),
            ObjectFieldType.Reference => CheckInteger(ref reader, 1, out value),
            ObjectFieldType.Float => CheckNumber(ref reader, out value),
            ObjectFieldType.Boolean => CheckKind(reader.TokenType is JsonTokenType.True or JsonTokenType.False, json, out value),
            ObjectFieldType.DateTime => CheckTime(ref reader, out value),
            ObjectFieldType.Relation => CheckRelation(ref reader, limit, out value),
            ObjectFieldType.Object => CheckKind(reader.TokenType == JsonTokenType.StartObject, json, out value),
            ObjectFieldType.Array => CheckKind(reader.TokenType == JsonTokenType.StartArray, json, out value),
            ObjectFieldType.GeoPoint => CheckPlace(ref reader, out value),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    public static byte[] Encode(long number) => Encode(json => json.WriteNumberValue(number));

    public static byte[] Encode(double number) => Encode(json => json.WriteNumberValue(number));

    private static byte[] Encode(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Relaxed))
        {
            write(json);
        }

        return buffer.ToArray();
    }

    private static ObjectProblemKind? CheckKind(bool isRight, ReadOnlyMemory<byte> json, out ReadOnlyMemory<byte> value)
    {
        // The caller may use its buffer again.
        value = json.ToArray();
        return isRight ? null : ObjectProblemKind.WrongType;
    }

    private static ObjectProblemKind? CheckText(ref Utf8JsonReader reader, int limit, out ReadOnlyMemory<byte> value)
    {
        value = default;
        if (reader.TokenType != JsonTokenType.String)
        {
            return ObjectProblemKind.WrongType;
        }

        var text = reader.GetString()!;
        if (text.Length > limit && text.Count(static unit => !char.IsLowSurrogate(unit)) > limit)
        {
            return ObjectProblemKind.TooLong;
        }

        value = Spell(text);
        return null;
    }

    /// <summary>Spells a text with no more escapes than JSON asks for; the library's encoders would escape whatever is beyond 16 bits.</summary>
    private static byte[] Spell(string text)
    {
        var json = new StringBuilder("\"", text.Length + 2);
        foreach (var letter in text)
        {
            _ = letter switch
            {
                '"' or '\\' => json.Append('\\').Append(letter),
                '\n' => json.Append("\\n"),
                < ' ' => json.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}"),
                _ => json.Append(letter),
            };
        }

        return Encoding.UTF8.GetBytes(json.Append('"').ToString());
    }

    private static ObjectProblemKind? CheckInteger(ref Utf8JsonReader reader, long least, out ReadOnlyMemory<byte> value)
    {
        value = default;
        if (reader.TokenType != JsonTokenType.Number || reader.ValueSpan.ContainsAny("."u8[0], "e"u8[0], "E"u8[0]))
        {
            return ObjectProblemKind.WrongType;
        }

        if (!reader.TryGetInt64(out var number) || number < least)
        {
            return ObjectProblemKind.OutOfRange;
        }

        value = Encode(number);
        return null;
    }

    private static ObjectProblemKind? CheckNumber(ref Utf8JsonReader reader, out ReadOnlyMemory<byte> value)
    {
        value = default;
        if (reader.TokenType != JsonTokenType.Number)
        {
            return ObjectProblemKind.WrongType;
        }

        if (!reader.TryGetDouble(out var number) || !double.IsFinite(number))
        {
            return ObjectProblemKind.OutOfRange;
        }

        value = Encode(number);
        return null;
    }

    private static ObjectProblemKind? CheckTime(ref Utf8JsonReader reader, out ReadOnlyMemory<byte> value)
    {
        value = default;
        if (reader.TokenType != JsonTokenType.String || !reader.TryGetDateTime(out var time))
        {
            return ObjectProblemKind.WrongType;
        }

        var utc = time.Kind == DateTimeKind.Unspecified ? time : time.ToUniversalTime();
        value = Encode(json => json.WriteStringValue(utc.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture)));
        return null;
    }

    private static ObjectProblemKind? CheckRelation(ref Utf8JsonReader reader, int limit, out ReadOnlyMemory<byte> value)
    {
        value = default;
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return ObjectProblemKind.WrongType;
        }

        var ids = new List<long>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var id) || id < 1)
            {
                return ObjectProblemKind.WrongType;
            }

            ids.Add(id);
        }

        value = Encode(json =>
        {
            json.WriteStartArray();
            ids.ForEach(json.WriteNumberValue);
            json.WriteEndArray();
        });
        return ids.Count > limit ? ObjectProblemKind.TooLong : null;
    }

    private static ObjectProblemKind? CheckPlace(ref Utf8JsonReader reader, out ReadOnlyMemory<byte> value)
    {
        value = default;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return ObjectProblemKind.WrongType;
        }

        double? longitude = null, latitude = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isLongitude = reader.ValueTextEquals("longitude"u8);
            if (!isLongitude && !reader.ValueTextEquals("latitude"u8))
            {
                return ObjectProblemKind.WrongType;
            }

            reader.Read();
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetDouble(out var degrees))
            {
                return ObjectProblemKind.WrongType;
            }

            if (isLongitude)
            {
                longitude = degrees;
            }
            else
            {
                latitude = degrees;
            }
        }

        if (longitude is not { } east || latitude is not { } north)
        {
            return ObjectProblemKind.WrongType;
        }

        value = Encode(json =>
        {
            json.WriteStartObject();
            json.WriteNumber("longitude"u8, east);
            json.WriteNumber("latitude"u8, north);
            json.WriteEndObject();
        });
        return Math.Abs(east) <= 180 && Math.Abs(north) <= 90 ? null : ObjectProblemKind.OutOfRange;
    }
}
