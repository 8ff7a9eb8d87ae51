using System.Text;
using System.Text.Json;
using Channels.AspNetCore.Http;

namespace Channels.AspNetCore.Syncano;

/// <summary>Reads single fields in the ways of this wire, and says every mistake in its words.</summary>
/// <param name="body">Fields of the request.</param>
/// <param name="errors">Where errors go.</param>
internal abstract class SyncanoFieldReader(BodyFields body, FieldErrors errors)
{
    protected const string NullText = "This field may not be null.";
    private const int MaxDescriptionLength = 256;

    protected BodyFields Body => body;

    protected FieldErrors Errors => errors;

    public static string NoSuchGroup(string? group) => $"Invalid pk \"{group}\" - object does not exist.";

    protected string? ReadDescription()
    {
        var field = Body.Find("description"u8);
        if (!field.Exists || !TryReadText(field, "description", out var text))
        {
            return null;
        }

        if (LengthOf(text) > MaxDescriptionLength)
        {
            Errors.Add("description", "Ensure this field has no more than 256 characters.");
        }

        return text;
    }

    protected bool TryReadGroup(out string? group) => TryReadKey("group", out group);

    /// <summary>Reads the key of something else.</summary>
    /// <returns>Whether it was mentioned; without it, or empty, there is none.</returns>
    protected bool TryReadKey(string name, out string? key)
    {
        key = null;
        var field = Body.Find(Encoding.UTF8.GetBytes(name));
        if (!field.Exists)
        {
            return false;
        }

        if (field.IsNull)
        {
            return true;
        }

        if (!field.TryGetText(out var text))
        {
            Errors.Add(name, $"Incorrect type. Expected pk value, received {TypeNameOf(field.Kind)}.");
            return false;
        }

        key = text.Length == 0 ? null : text;
        return true;
    }

    /// <returns>The position of the choice among the names.</returns>
    protected int? ReadChoice(string name, string[] names)
    {
        var field = Body.Find(Encoding.UTF8.GetBytes(name));
        if (!field.Exists)
        {
            return null;
        }

        if (field.IsNull)
        {
            Errors.Add(name, NullText);
            return null;
        }

        var text = TextOf(field);
        var choice = Array.IndexOf(names, text);
        if (choice < 0 && text.Length == 1 && text[0] - '0' is var number && number >= 0 && number < names.Length)
        {
            choice = number;
        }

        if (choice < 0)
        {
            Errors.Add(name, $"\"{text}\" is not a valid choice.");
        }

        return choice;
    }

    protected bool? ReadBoolean(string name)
    {
        var field = Body.Find(Encoding.UTF8.GetBytes(name));
        if (!field.Exists)
        {
            return null;
        }

        if (field.IsNull)
        {
            Errors.Add(name, NullText);
            return null;
        }

        var text = TextOf(field);
        if (!SyncanoBooleans.TryParse(text, out var value))
        {
            Errors.Add(name, $"\"{text}\" is not a valid boolean.");
        }

        return value;
    }

    protected bool TryReadText(in BodyField field, string name, out string text)
    {
        text = "";
        if (field.IsNull)
        {
            Errors.Add(name, NullText);
            return false;
        }

        if (!field.TryGetText(out text))
        {
            Errors.Add(name, "Not a valid string.");
            return false;
        }

        text = text.Trim();
        return true;
    }

    protected static int LengthOf(string text) => text.Count(unit => !char.IsLowSurrogate(unit));

    /// <summary>Spells a value as the original's language does.</summary>
    protected static string TextOf(in BodyField field) => field.Kind switch
    {
        JsonTokenType.True => "True",
        JsonTokenType.False => "False",
        _ when field.TryGetText(out var text) => text,
        _ => Encoding.UTF8.GetString(field.Json.Span),
    };

    protected static string TypeNameOf(JsonTokenType kind) => kind switch
    {
        JsonTokenType.True or JsonTokenType.False => "bool",
        JsonTokenType.StartArray => "list",
        JsonTokenType.StartObject => "dict",
        _ => "str",
    };

    /// <summary>Reads the name that a new thing must have, in lower case.</summary>
    protected string? ReadLoweredName()
    {
        var field = Body.Find("name"u8);
        if (!field.Exists)
        {
            Errors.Add("name", "This field is required.");
            return null;
        }

        if (!TryReadText(field, "name", out var text))
        {
            return null;
        }

        var name = text.ToLowerInvariant();
        if (name.Length == 0)
        {
            Errors.Add("name", "This field may not be blank.");
            return null;
        }

        return name;
    }
}
