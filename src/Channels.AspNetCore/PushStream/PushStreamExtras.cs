using Channels.AspNetCore.Http;

namespace Channels.AspNetCore.PushStream;

/// <summary>What this wire keeps with a message: the id that its publisher gave it. Source: docs/protocols/pushstream.md#publishing</summary>
internal static class PushStreamExtras
{
    /// <returns>The extras of a message with this id, always the same bytes; empty for none.</returns>
    public static ReadOnlyMemory<byte> Of(string? eventId) => string.IsNullOrEmpty(eventId) ? default(ReadOnlyMemory<byte>) : JsonBytes.Encode(eventId, static (json, eventId) =>
    {
        json.WriteStartObject();
        json.WriteString("pushstream.event_id"u8, eventId);
        json.WriteEndObject();
    });
}
