using System.Globalization;
using System.Text;
using Channels.AspNetCore.Http;

namespace Channels.AspNetCore.Syncano.Native;

/// <summary>A server's message, from the body to the engine's draft.</summary>
internal sealed class NativeReader(BodyFields body, FieldErrors errors)
{
    private const int MaxEventLength = 200;
    private const int MaxKeyLength = 128;
    private const int MaxConnectionLength = 64;

    public AddressedDraft ReadMessage(string instance)
    {
        var channel = ReadText("channel", ChannelAddress.MaxNameLength);
        if (channel is null && !errors.Has("channel"))
        {
            errors.Add("channel", "This field is required.");
        }

        var payload = body.Find("payload"u8);
        if (!payload.Exists)
        {
            errors.Add("payload", "This field is required.");
        }

        var address = new ChannelAddress(channel ?? "", ReadText("room", ChannelAddress.MaxNameLength), instance);
        return new(address, new MessageDraft(payload.Json)
        {
            Event = ReadText("event", MaxEventLength),
            IdempotencyKey = ReadText("key", MaxKeyLength),
            ExcludedConnection = ReadText("exclude", MaxConnectionLength),
        });
    }

    /// <returns>The text; <see langword="null"/> when it is absent, null or not valid.</returns>
    private string? ReadText(string name, int maxLength)
    {
        var field = body.Find(Encoding.UTF8.GetBytes(name));
        if (!field.Exists || field.IsNull)
        {
            return null;
        }

        var problem = !field.TryGetText(out var text) ? "Not a valid string."
            : text.Length == 0 ? "This field may not be blank."
            : text.Length > maxLength
                ? string.Create(CultureInfo.InvariantCulture, $"Ensure this field has no more than {maxLength} characters.")
            : null;
        if (problem is null)
        {
            return text;
        }

        errors.Add(name, problem);
        return null;
    }
}
