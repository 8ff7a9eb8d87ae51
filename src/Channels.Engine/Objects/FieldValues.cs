using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Channels.Engine;

/// <summary>The values of an object's fields, between JSON and one slice for each field of the class.</summary>
internal static class FieldValues
{
    /// <summary>Makes the fields of an object after edits.</summary>
    /// <param name="objectClass">The class.</param>
    /// <param name="before">The fields before.</param>
    /// <param name="edits">An edit for each field of the class.</param>
    /// <param name="problems">Where mistakes go that depend on the fields before.</param>
    /// <returns>The fields, and whether any has another value than before.</returns>
    public static (byte[] Fields, bool Changed) Apply(
        ObjectClass objectClass, ReadOnlyMemory<byte> before, FieldEdit?[] edits, List<ObjectProblem> problems)
    {
        var values = Split(objectClass, before);
        var changed = false;
        for (var i = 0; i < values.Length; i++)
        {
            if (edits[i] is not { } edit)
            {
                continue;
            }

            var value = edit.Json;
            if (edit.Increment is { } increment)
            {
                if (FieldIncrements.TryAdd(objectClass.Fields[i].Type, values[i].Span, increment, out var sum) is { } problem)
                {
                    problems.Add(new(objectClass.Fields[i].Name, problem));
                    continue;
                }

                value = sum;
            }

            changed |= !value.Span.SequenceEqual(values[i].Span);
            values[i] = value;
        }

        return (Join(objectClass, values), changed);
    }

    /// <summary>Finds the value of each field of the class; empty for one that is not set.</summary>
    public static ReadOnlyMemory<byte>[] Split(ObjectClass objectClass, ReadOnlyMemory<byte> fields)
    {
        var values = new ReadOnlyMemory<byte>[objectClass.Fields.Count];
        var reader = new Utf8JsonReader(fields.Span);
        reader.Read();
        var expected = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            // They were written in the order of the class, so the next one is nearly always it.
            var index = -1;
            for (var step = 0; step < values.Length && index < 0; step++)
            {
                var candidate = (expected + step) % values.Length;
                index = reader.ValueTextEquals(objectClass.Fields[candidate].Name) ? candidate : -1;
            }

            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (index >= 0)
            {
                values[index] = fields[start..(int)reader.BytesConsumed];
                expected = index + 1;
            }
        }

        return values;
    }

    private static byte[] Join(ObjectClass objectClass, ReadOnlyMemory<byte>[] values)
    {
        var buffer = new ArrayBufferWriter<byte>();
        buffer.Write("{"u8);
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i].IsEmpty)
            {
                continue;
            }

            // Names of fields need no escaping.
            buffer.Write(buffer.WrittenCount > 1 ? ",\""u8 : "\""u8);
            Encoding.UTF8.GetBytes(objectClass.Fields[i].Name, buffer);
            buffer.Write("\":"u8);
            buffer.Write(values[i].Span);
        }

        buffer.Write("}"u8);
        return buffer.WrittenSpan.ToArray();
    }
}
