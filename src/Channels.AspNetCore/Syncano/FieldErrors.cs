using Channels.AspNetCore.Http;
using Microsoft.AspNetCore.Http;

namespace Channels.AspNetCore.Syncano;

/// <summary>What is wrong with the fields of a request: every error of every field, in the order they were found.</summary>
internal sealed class FieldErrors
{
    private List<(string Field, List<string> Texts)>? _fields;

    public bool Any => _fields is not null;

    public FieldErrors Add(string field, string text)
    {
        _fields ??= [];
        var index = _fields.FindIndex(known => known.Field == field);
        if (index < 0)
        {
            _fields.Add((field, [text]));
        }
        else
        {
            _fields[index].Texts.Add(text);
        }

        return this;
    }

    public bool Has(string field) => _fields?.Exists(known => known.Field == field) == true;

    public JsonAnswer ToAnswer() => new(StatusCodes.Status400BadRequest, JsonBytes.Encode(_fields ?? [], static (json, fields) =>
    {
        json.WriteStartObject();
        foreach (var (field, texts) in fields)
        {
            json.WriteStartArray(field);
            foreach (var text in texts)
            {
                json.WriteStringValue(text);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }));
}
