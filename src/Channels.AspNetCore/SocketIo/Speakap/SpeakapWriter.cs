using System.Text.Json;
using Channels.AspNetCore.Http;

namespace Channels.AspNetCore.SocketIo.Speakap;

/// <summary>Spells the answers to commands. Source: docs/protocols/socketio.md#answers</summary>
internal static class SpeakapWriter
{
    /// <summary>The one argument of an answer.</summary>
    public static byte[] Answer(IReadOnlyList<string> channels, IReadOnlyList<(string? Channel, SpeakapError Error)> errors) =>
        JsonBytes.Encode((channels, errors), static (json, state) =>
        {
            json.WriteStartObject();
            json.WriteBoolean("ok"u8, state.errors.Count == 0);
            json.WriteStartArray("channels"u8);
            foreach (var channel in state.channels)
            {
                json.WriteStringValue(channel);
            }

            json.WriteEndArray();
            json.WriteStartArray("errors"u8);
            foreach (var (channel, error) in state.errors)
            {
                WriteError(json, channel, error);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });

    /// <summary>The one argument of <c>subscribe_error</c>.</summary>
    public static byte[] Error(string? channel, SpeakapError error) =>
        JsonBytes.Encode((channel, error), static (json, state) => WriteError(json, state.channel, state.error));

    private static void WriteError(Utf8JsonWriter json, string? channel, SpeakapError error)
    {
        var (code, message) = SpeakapErrors.Describe(error);
        json.WriteStartObject();
        json.WriteString("channel"u8, channel);
        json.WriteString("code"u8, code);
        json.WriteString("message"u8, message);
        json.WriteEndObject();
    }
}
