using System.Text.Json;
using Channels.AspNetCore.Http;

namespace Channels.AspNetCore.Pusher;

/// <summary>A message of a client. Source: docs/protocols/pusher.md#events-from-clients</summary>
/// <param name="Event">Name of the event.</param>
/// <param name="Channel">Channel of a client event; empty for none.</param>
/// <param name="Data">Its data, as it was written.</param>
internal readonly record struct PusherFrame(string Event, string Channel, BodyField Data)
{
    private static readonly byte[][] Fields = ["event"u8.ToArray(), "channel"u8.ToArray(), "data"u8.ToArray()];

    /// <summary>Reads a message.</summary>
    /// <returns>Whether it is an object that names an event.</returns>
    public static bool TryRead(ReadOnlyMemory<byte> json, out PusherFrame frame)
    {
        frame = default;
        var fields = BodyFields.FromJson(json, Fields);
        if (fields.Problem != BodyProblem.None || !TryGetString(fields, "event"u8, out var name) || name.Length == 0)
        {
            return false;
        }

        _ = TryGetString(fields, "channel"u8, out var channel);
        frame = new(name, channel, fields.Find("data"u8));
        return true;
    }

    /// <summary>Reads a field that must be a string.</summary>
    public static bool TryGetString(BodyFields fields, ReadOnlySpan<byte> name, out string text)
    {
        var field = fields.Find(name);
        text = "";
        return field.Kind == JsonTokenType.String && field.TryGetText(out text);
    }

    /// <summary>The data as an object; some clients write it as a string of one.</summary>
    /// <param name="names">Names of the fields that are wanted.</param>
    public BodyFields ReadData(byte[][] names) => Data.Kind switch
    {
        JsonTokenType.StartObject => BodyFields.FromJson(Data.Json, names),
        JsonTokenType.String when Data.TryGetUtf8Text(out var text) => BodyFields.FromJson(text, names),
        _ => BodyFields.Failed(BodyProblem.NotAnObject),
    };
}
