using System.Text.Json;

namespace Channels.AspNetCore.SocketIo.Packets;

/// <summary>Checks that the places of binary values name values that follow. It is shown every token of a packet's JSON.</summary>
/// <param name="attachments">How many values follow; with none, placeholders are objects like others.</param>
internal struct PlaceholderCheck(int attachments)
{
    // Properties of the object being read; an object inside it begins anew, and what is outside has been decided or is decided at its end.
    private Stack<Place>? _outer;
    private Place _current;

    /// <returns>Whether the token does not complete a placeholder without a value.</returns>
    public bool Accepts(ref Utf8JsonReader reader)
    {
        if (attachments == 0)
        {
            return true;
        }

        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                (_outer ??= new()).Push(_current);
                _current = default;
                return true;
            case JsonTokenType.EndObject:
                var isValid = !_current.IsPlaceholder || _current.HasNumber;
                _current = _outer!.Pop();
                return isValid;
            case JsonTokenType.PropertyName:
                _current.Property = reader.ValueTextEquals("_placeholder"u8) ? Property.Mark : reader.ValueTextEquals("num"u8) ? Property.Number : Property.Other;
                return true;
            case JsonTokenType.True or JsonTokenType.False when _current.Property == Property.Mark:
                _current.IsPlaceholder = reader.TokenType == JsonTokenType.True;
                _current.Property = Property.Other;
                return true;
            case JsonTokenType.Number when _current.Property == Property.Number:
                _current.HasNumber = reader.TryGetInt32(out var number) && number >= 0 && number < attachments;
                _current.Property = Property.Other;
                return true;
            default:
                _current.Property = Property.Other;
                return true;
        }
    }

    private enum Property
    {
        Other,
        Mark,
        Number,
    }

    private struct Place
    {
        public Property Property;
        public bool IsPlaceholder;
        public bool HasNumber;
    }
}
