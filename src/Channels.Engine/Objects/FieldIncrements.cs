using System.Buffers.Text;
using System.Text.Json;

namespace Channels.Engine;

/// <summary>Adds to numbers: <c>{"_increment": n}</c> in place of a value.</summary>
internal static class FieldIncrements
{
    public static bool TryRead(ObjectFieldType type, ReadOnlySpan<byte> json, out FieldIncrement increment)
    {
        increment = default;
        if (type is not (ObjectFieldType.Integer or ObjectFieldType.Float) || json[0] != '{')
        {
            return false;
        }

        var reader = new Utf8JsonReader(json);
        reader.Read();
        reader.Read();
        if (reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals("_increment"u8))
        {
            return false;
        }

        reader.Read();
        var (integer, number) = (0L, 0d);
        var isNumber = reader.TokenType == JsonTokenType.Number
            && (type == ObjectFieldType.Integer ? reader.TryGetInt64(out integer) : reader.TryGetDouble(out number) && double.IsFinite(number));
        reader.Read();
        increment = new(integer, number);
        return isNumber && reader.TokenType == JsonTokenType.EndObject;
    }

    /// <summary>Adds to a value; one that is not set counts as 0.</summary>
    public static ObjectProblemKind? TryAdd(ObjectFieldType type, ReadOnlySpan<byte> current, FieldIncrement increment, out byte[] sum)
    {
        sum = [];
        if (type == ObjectFieldType.Integer)
        {
            if (!TryParse(current, out long integer))
            {
                return ObjectProblemKind.WrongType;
            }

            var total = (Int128)integer + increment.Integer;
            sum = FieldTypes.Encode((long)total);
            return total >= long.MinValue && total <= long.MaxValue ? null : ObjectProblemKind.OutOfRange;
        }

        if (!TryParse(current, out double number))
        {
            return ObjectProblemKind.WrongType;
        }

        var result = number + increment.Number;
        if (!double.IsFinite(result))
        {
            return ObjectProblemKind.OutOfRange;
        }

        sum = FieldTypes.Encode(result);
        return null;
    }

    private static bool TryParse(ReadOnlySpan<byte> json, out long value)
    {
        value = 0;
        return json.IsEmpty || (Utf8Parser.TryParse(json, out value, out var length) && length == json.Length);
    }

    private static bool TryParse(ReadOnlySpan<byte> json, out double value)
    {
        value = 0;
        return json.IsEmpty || (Utf8Parser.TryParse(json, out value, out var length) && length == json.Length);
    }
}
