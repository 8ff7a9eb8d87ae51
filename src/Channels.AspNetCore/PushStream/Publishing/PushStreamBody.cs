using System.Text.Json;
using System.Text.Unicode;

namespace Channels.AspNetCore.PushStream.Publishing;

/// <summary>Turns the text that a publisher sends into a draft: JSON as it is, other text as a JSON string. Source: docs/protocols/pushstream.md#publishing</summary>
internal static class PushStreamBody
{
    /// <returns>The draft, or <see langword="null"/> when the text is not UTF-8.</returns>
    public static MessageDraft? Read(byte[] body)
    {
        if (!Utf8.IsValid(body))
        {
            return null;
        }

        return IsJson(body)
            ? new MessageDraft(body)
            : new MessageDraft(JsonSerializer.SerializeToUtf8Bytes(System.Text.Encoding.UTF8.GetString(body), PushStreamJsonContext.Default.String))
            {
                Attributes = new() { Format = PayloadFormat.Text },
            };
    }

    private static bool IsJson(ReadOnlySpan<byte> text)
    {
        var reader = new Utf8JsonReader(text);
        try
        {
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
