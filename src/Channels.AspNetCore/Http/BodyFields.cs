using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;

namespace Channels.AspNetCore.Http;

/// <summary>The fields of a body that a front end knows; others are skipped. When a name comes twice, the last one counts.</summary>
internal sealed class BodyFields
{
    private const int MaxDepth = 64;

    private readonly byte[][] _names;
    private readonly ReadOnlyMemory<byte> _json;
    private readonly Place[] _places;
    private string?[]? _texts;

    public BodyFields(byte[][] names, ReadOnlyMemory<byte> json = default)
    {
        _names = names;
        _json = json;
        _places = names.Length == 0 ? [] : new Place[names.Length];
    }

    /// <summary>Why there are no fields.</summary>
    public BodyProblem Problem { get; private init; }

    /// <summary>What the problem is about: position, content type or kind of value.</summary>
    public string Detail { get; private init; } = "";

    /// <summary>Whether the body is a form, in which an empty value counts as absent.</summary>
    public bool IsForm { get; init; }

    public static BodyFields Failed(BodyProblem problem, string detail = "") => new([]) { Problem = problem, Detail = detail };

    public static BodyFields FromJson(ReadOnlyMemory<byte> body, byte[][] names)
    {
        if (!Utf8.IsValid(body.Span))
        {
            return Failed(BodyProblem.Malformed, "The text is not valid UTF-8.");
        }

        try
        {
            return ReadRoot(WithoutByteOrderMark(body), names);
        }
        catch (JsonException exception)
        {
            var position = string.Create(
                CultureInfo.InvariantCulture, $"Invalid JSON at line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}.");
            return Failed(BodyProblem.Malformed, position);
        }
        catch (InvalidOperationException)
        {
            return Failed(BodyProblem.Malformed, "A name has an escaped lone surrogate.");
        }
    }

    public BodyField Find(ReadOnlySpan<byte> name)
    {
        var index = IndexOf(name);
        if (index < 0)
        {
            return default;
        }

        var place = _places[index];
        return new(place.Kind, _json.Slice(place.Start, place.Length), _texts?[index]);
    }

    public void SetForm(ReadOnlySpan<byte> name, string value)
    {
        if (IndexOf(name) is >= 0 and var index)
        {
            _places[index] = new(JsonTokenType.String, 0, 0);
            (_texts ??= new string?[_names.Length])[index] = value;
        }
    }

    private static BodyFields ReadRoot(ReadOnlyMemory<byte> body, byte[][] names)
    {
        var reader = new Utf8JsonReader(body.Span, new JsonReaderOptions { MaxDepth = MaxDepth });
        reader.Read();
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            var fields = new BodyFields(names, body);
            fields.ReadProperties(ref reader);
            return fields;
        }

        var kind = KindOf(reader.TokenType, body.Span[(int)reader.TokenStartIndex..]);
        reader.Skip();
        reader.Read();
        return Failed(BodyProblem.NotAnObject, kind);
    }

    /// <summary>Names a kind of value as the original's language does.</summary>
    private static string KindOf(JsonTokenType token, ReadOnlySpan<byte> text) => token switch
    {
        JsonTokenType.StartArray => "list",
        JsonTokenType.String => "str",
        JsonTokenType.Number => text.IndexOfAny("."u8[0], "e"u8[0], "E"u8[0]) < 0 ? "int" : "float",
        JsonTokenType.True or JsonTokenType.False => "bool",
        _ => "NoneType",
    };

    private static ReadOnlyMemory<byte> WithoutByteOrderMark(ReadOnlyMemory<byte> body) =>
        body.Span.StartsWith("\uFEFF"u8) ? body[3..] : body;

    private void ReadProperties(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var index = IndexOf(ref reader);
            reader.Read();
            var kind = reader.TokenType;
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (index >= 0)
            {
                _places[index] = new(kind, start, (int)reader.BytesConsumed - start);
            }
        }

        // Anything behind the object is an error.
        reader.Read();
    }

    private int IndexOf(ref Utf8JsonReader reader)
    {
        for (var i = 0; i < _names.Length; i++)
        {
            if (reader.ValueTextEquals(_names[i]))
            {
                return i;
            }
        }

        return -1;
    }

    private int IndexOf(ReadOnlySpan<byte> name)
    {
        for (var i = 0; i < _names.Length; i++)
        {
            if (name.SequenceEqual(_names[i]))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Where a value is in the JSON; a form's has no place, but a text.</summary>
    private readonly record struct Place(JsonTokenType Kind, int Start, int Length);
}
