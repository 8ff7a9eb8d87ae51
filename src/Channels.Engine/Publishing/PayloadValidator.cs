using System.Text.Json;
using System.Text.Unicode;

namespace Channels.Engine;

/// <summary>Checks once that a payload is one JSON value in valid UTF-8 without lone surrogate escapes, so that it can be copied ever after.</summary>
internal static class PayloadValidator
{
    public const int MaxDepth = 48;

    public static bool IsValid(ReadOnlySpan<byte> payload, int maxDepth = MaxDepth)
    {
        if (!Utf8.IsValid(payload))
        {
            return false;
        }

        try
        {
            var reader = new Utf8JsonReader(payload, new JsonReaderOptions { MaxDepth = maxDepth });
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped
                    && HasLoneSurrogate(reader.ValueSpan))
                {
                    return false;
                }
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Looks at the <c>\u</c> escapes of a string that is known to be valid JSON.</summary>
    private static bool HasLoneSurrogate(ReadOnlySpan<byte> text)
    {
        var expectsLow = false;
        while (!text.IsEmpty)
        {
            var isUnicode = text[0] == '\\' && text[1] == 'u';
            var unit = isUnicode ? ParseUnit(text.Slice(2, 4)) : 0;
            if (expectsLow != (unit is >= 0xDC00 and <= 0xDFFF))
            {
                return true;
            }

            expectsLow = unit is >= 0xD800 and <= 0xDBFF;
            text = text[(isUnicode ? 6 : text[0] == '\\' ? 2 : 1)..];
        }

        return expectsLow;
    }

    private static int ParseUnit(ReadOnlySpan<byte> digits)
    {
        var unit = 0;
        foreach (var digit in digits)
        {
            unit = (unit << 4) | (digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
        }

        return unit;
    }
}
