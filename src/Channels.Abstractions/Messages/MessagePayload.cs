using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace Channels;

/// <summary>What may be the payload of a message.</summary>
public static class MessagePayload
{
    /// <summary>Deepest nesting of a payload.</summary>
    public const int MaxDepth = 48;

    private static readonly JsonWriterOptions TextOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Tells whether bytes are one JSON value in valid UTF-8 without lone surrogate escapes and not nested too deep, so that they can be copied ever after.</summary>
    /// <param name="payload">The bytes.</param>
    /// <param name="maxDepth">Deepest nesting, 1–<see cref="MaxDepth"/>.</param>
    public static bool IsJson(ReadOnlySpan<byte> payload, int maxDepth = MaxDepth)
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

    /// <summary>Makes the JSON string that stands for a text.</summary>
    /// <param name="text">The text, UTF-8. Bytes that are not UTF-8 become replacement characters.</param>
    /// <returns>One JSON string, UTF-8.</returns>
    public static ReadOnlyMemory<byte> FromText(ReadOnlySpan<byte> text)
    {
        var buffer = new ArrayBufferWriter<byte>(text.Length + 16);
        using var json = new Utf8JsonWriter(buffer, TextOptions);
        json.WriteStringValue(text);
        json.Flush();
        return buffer.WrittenMemory;
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
