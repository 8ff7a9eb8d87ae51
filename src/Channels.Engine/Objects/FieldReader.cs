using System.Text.Json;

namespace Channels.Engine;

/// <summary>Reads a JSON object into edits of a class's fields, and finds every mistake.</summary>
internal sealed class FieldReader(ObjectClass objectClass, List<ObjectProblem> problems)
{
    /// <summary>A field stands one level deep in its object, and the object in its notification.</summary>
    private const int MaxValueDepth = MessagePayload.MaxDepth - 1;

    private readonly FieldEdit?[] _edits = new FieldEdit?[objectClass.Fields.Count];

    /// <returns>An edit for each field of the class, <see langword="null"/> where the field is not mentioned.</returns>
    public FieldEdit?[] Read(ReadOnlyMemory<byte> fields)
    {
        try
        {
            var reader = new Utf8JsonReader(fields.Span);
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                problems.Add(new("", ObjectProblemKind.WrongType));
                return _edits;
            }

            ReadProperties(ref reader, fields);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Not JSON, nested too deep, or a name with half a surrogate pair.
            problems.Add(new("", ObjectProblemKind.InvalidJson));
        }

        return _edits;
    }

    private void ReadProperties(ref Utf8JsonReader reader, ReadOnlyMemory<byte> fields)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var index = IndexOf(ref reader);
            var unknown = index < 0 ? reader.GetString() : null;
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (index < 0)
            {
                problems.Add(new(unknown!, ObjectProblemKind.UnknownField));
                continue;
            }

            ReadValue(index, fields[start..(int)reader.BytesConsumed]);
        }

        // Anything behind the object is an error.
        reader.Read();
    }

    private void ReadValue(int index, ReadOnlyMemory<byte> json)
    {
        var field = objectClass.Fields[index];
        if (!MessagePayload.IsJson(json.Span, MaxValueDepth))
        {
            problems.Add(new(field.Name, ObjectProblemKind.InvalidJson));
        }
        else if (json.Span.SequenceEqual("null"u8))
        {
            _edits[index] = new(default);
        }
        else if (FieldIncrements.TryRead(field.Type, json.Span, out var increment))
        {
            _edits[index] = new(default, increment);
        }
        else if (FieldTypes.Check(field.Type, json, out var value, out var limit) is { } kind)
        {
            problems.Add(new(field.Name, kind, limit));
        }
        else
        {
            _edits[index] = new(value);
        }
    }

    private int IndexOf(ref Utf8JsonReader reader)
    {
        for (var i = 0; i < objectClass.Fields.Count; i++)
        {
            if (reader.ValueTextEquals(objectClass.Fields[i].Name))
            {
                return i;
            }
        }

        return -1;
    }
}
