using System.Text.Unicode;

namespace Channels.AspNetCore.PushStream.Publishing;

/// <summary>Turns what a publisher sends into a draft. Source: docs/protocols/pushstream.md#publishing</summary>
internal static class PushStreamBody
{
    /// <param name="body">The message: JSON stays as it is, other text becomes a JSON string.</param>
    /// <param name="eventId">Id that readers may resume from, if any.</param>
    /// <param name="eventType">Name of the event, if any.</param>
    /// <returns>The draft, or <see langword="null"/> when the body is not UTF-8.</returns>
    public static MessageDraft? Read(byte[] body, string? eventId, string? eventType)
    {
        if (!Utf8.IsValid(body))
        {
            return null;
        }

        var draft = MessageDraft.FromText(body);
        return draft with { Event = eventType, Attributes = draft.Attributes with { WireExtras = PushStreamExtras.Of(eventId) } };
    }
}
