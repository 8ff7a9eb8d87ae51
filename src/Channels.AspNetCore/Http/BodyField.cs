using System.Text;
using System.Text.Json;

namespace Channels.AspNetCore.Http;

/// <summary>One field of a body: a slice of the JSON that was received, or the text of a form field.</summary>
/// <param name="Kind">First token of the value; <see cref="JsonTokenType.None"/> for an absent field, a string for one of a form.</param>
/// <param name="Json">The value as it was written; empty for a form.</param>
/// <param name="FormText">The value of a form field.</param>
internal readonly record struct BodyField(JsonTokenType Kind, ReadOnlyMemory<byte> Json, string? FormText = null)
{
    public bool Exists => Kind != JsonTokenType.None;

    public bool IsNull => Kind == JsonTokenType.Null;

    /// <summary>The text of a string, or the digits of a number.</summary>
    /// <returns><see langword="false"/> for every other kind and for text that is not valid Unicode.</returns>
    public bool TryGetText(out string text)
    {
        text = FormText ?? "";
        return FormText is not null || Kind switch
        {
            JsonTokenType.String => TryUnescape(out text),
            JsonTokenType.Number => TryDecode(out text),
            _ => false,
        };
    }

    /// <summary>The text of a string as UTF-8.</summary>
    public bool TryGetUtf8Text(out ReadOnlyMemory<byte> text)
    {
        text = default;
        if (FormText is not null)
        {
            text = Encoding.UTF8.GetBytes(FormText);
            return true;
        }

        return Kind == JsonTokenType.String && TryUnescapeUtf8(out text);
    }

    private bool TryDecode(out string text)
    {
        text = Encoding.UTF8.GetString(Json.Span);
        return true;
    }

    private bool TryUnescape(out string text)
    {
        try
        {
            var reader = new Utf8JsonReader(Json.Span);
            reader.Read();
            text = reader.GetString()!;
            return true;
        }
        catch (InvalidOperationException)
        {
            // An escaped lone surrogate.
            text = "";
            return false;
        }
    }

    private bool TryUnescapeUtf8(out ReadOnlyMemory<byte> text)
    {
        try
        {
            var reader = new Utf8JsonReader(Json.Span);
            reader.Read();
            var buffer = new byte[reader.ValueSpan.Length];
            text = buffer.AsMemory(0, reader.CopyString(buffer));
            return true;
        }
        catch (InvalidOperationException)
        {
            text = default;
            return false;
        }
    }
}
