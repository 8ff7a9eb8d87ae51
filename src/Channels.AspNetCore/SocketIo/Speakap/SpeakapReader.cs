using System.Text.Json;
using Channels.AspNetCore.Http;

namespace Channels.AspNetCore.SocketIo.Speakap;

/// <summary>Reads commands. Source: docs/protocols/socketio.md#commands</summary>
internal static class SpeakapReader
{
    private static readonly byte[][] Fields = ["channel"u8.ToArray(), "accessToken"u8.ToArray()];

    /// <summary>Reads the arguments of a command; further ones than the first are ignored.</summary>
    /// <param name="arguments">The arguments as JSON, commas between them.</param>
    /// <param name="maxBytes">Largest permitted.</param>
    /// <returns><see langword="null"/> when they are malformed.</returns>
    public static SpeakapCommand? Read(ReadOnlyMemory<byte> arguments, int maxBytes)
    {
        if (arguments.IsEmpty || arguments.Length > maxBytes)
        {
            return null;
        }

        var fields = BodyFields.FromJson(FirstOf(arguments), Fields);
        if (fields.Problem != BodyProblem.None || !TryReadText(fields.Find("channel"u8), out var channels))
        {
            return null;
        }

        if (!TryReadText(fields.Find("accessToken"u8), out var token))
        {
            return null;
        }

        var names = channels?.Split(' ', StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal).ToList();
        return names is { Count: > 0 } ? new(names, string.IsNullOrEmpty(token) ? null : token) : null;
    }

    /// <summary>An absent field and <c>null</c> are the same; a number is no text here.</summary>
    private static bool TryReadText(in BodyField field, out string? text)
    {
        text = null;
        if (!field.Exists || field.IsNull)
        {
            return true;
        }

        return field.Kind == JsonTokenType.String && field.TryGetText(out text);
    }

    private static ReadOnlyMemory<byte> FirstOf(ReadOnlyMemory<byte> arguments)
    {
        var reader = new Utf8JsonReader(arguments.Span, isFinalBlock: true, new JsonReaderState(new JsonReaderOptions { AllowMultipleValues = true }));
        reader.Read();
        reader.Skip();
        return arguments[..(int)reader.BytesConsumed];
    }
}
