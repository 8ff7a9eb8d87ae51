using System.Text;
using System.Text.Json;
using Channels.AspNetCore.Http;

namespace Channels.AspNetCore.Syncano;

/// <summary>Requests about channels, from this wire's words to the engine's. Source: docs/protocols/syncano.md#channels</summary>
internal sealed class SyncanoChannelReader(BodyFields body, FieldErrors errors)
{
    private const int MaxNameLength = 64;
    private const int MaxDescriptionLength = 256;
    private const string NullText = "This field may not be null.";

    private static readonly string[] TrueTexts = ["t", "T", "y", "Y", "yes", "YES", "true", "True", "TRUE", "on", "On", "ON", "1"];
    private static readonly string[] FalseTexts = ["f", "F", "n", "N", "no", "NO", "false", "False", "FALSE", "off", "Off", "OFF", "0"];
    private static readonly string[] TypeNames = ["default", "separate_rooms"];
    private static readonly string[] PermissionNames = ["none", "subscribe", "publish"];

    /// <summary>Reads what a request says about a channel.</summary>
    /// <param name="body">Fields of the request.</param>
    /// <param name="isNew">Whether name and type count; they cannot change later.</param>
    /// <param name="errors">Where errors go.</param>
    public static ChannelEdit Read(BodyFields body, bool isNew, FieldErrors errors)
    {
        var reader = new SyncanoChannelReader(body, errors);

        // In the order in which the errors are told.
        var name = isNew ? reader.ReadName() : null;
        var description = reader.ReadDescription();
        var type = isNew ? (ChannelType?)reader.ReadChoice("type", TypeNames) : null;
        var hasGroup = reader.TryReadGroup(out var group);
        return new()
        {
            Name = name,
            Description = description,
            Type = type,
            HasGroup = hasGroup,
            Group = group,
            GroupPermission = (ChannelPermission?)reader.ReadChoice("group_permissions", PermissionNames),
            OtherPermission = (ChannelPermission?)reader.ReadChoice("other_permissions", PermissionNames),
            ClientsMayPublish = reader.ReadBoolean("custom_publish"),
        };
    }

    public static string NoSuchGroup(string? group) => $"Invalid pk \"{group}\" - object does not exist.";

    private string? ReadName()
    {
        var field = body.Find("name"u8);
        if (!field.Exists)
        {
            errors.Add("name", "This field is required.");
            return null;
        }

        if (!TryReadText(field, "name", out var text))
        {
            return null;
        }

        var name = text.ToLowerInvariant();
        if (name.Length == 0)
        {
            errors.Add("name", "This field may not be blank.");
            return null;
        }

        CheckName(name);
        return name;
    }

    private void CheckName(string name)
    {
        if (!char.IsAsciiLetterLower(name[0]))
        {
            errors.Add("name", "Value has to start with a letter.");
        }

        if (!char.IsAsciiLetterLower(name[^1]) && !char.IsAsciiDigit(name[^1]))
        {
            errors.Add("name", "Value has to end with a letter or a number.");
        }

        if (name.Any(letter => !char.IsAsciiLetterLower(letter) && !char.IsAsciiDigit(letter) && letter is not ('_' or '-')))
        {
            errors.Add("name", "Enter a valid value consisting of letters, numbers, underscores, hyphens.");
        }

        if (LengthOf(name) is > MaxNameLength and var length)
        {
            errors.Add("name", $"Ensure this value has at most 64 characters (it has {length}).");
        }
    }

    private string? ReadDescription()
    {
        var field = body.Find("description"u8);
        if (!field.Exists || !TryReadText(field, "description", out var text))
        {
            return null;
        }

        if (LengthOf(text) > MaxDescriptionLength)
        {
            errors.Add("description", "Ensure this field has no more than 256 characters.");
        }

        return text;
    }

    private bool TryReadGroup(out string? group)
    {
        group = null;
        var field = body.Find("group"u8);
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
            errors.Add("group", $"Incorrect type. Expected pk value, received {TypeNameOf(field.Kind)}.");
            return false;
        }

        group = text.Length == 0 ? null : text;
        return true;
    }

    /// <returns>The position of the choice among the names.</returns>
    private int? ReadChoice(string name, string[] names)
    {
        var field = body.Find(Encoding.UTF8.GetBytes(name));
        if (!field.Exists)
        {
            return null;
        }

        if (field.IsNull)
        {
            errors.Add(name, NullText);
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
            errors.Add(name, $"\"{text}\" is not a valid choice.");
        }

        return choice;
    }

    private bool? ReadBoolean(string name)
    {
        var field = body.Find(Encoding.UTF8.GetBytes(name));
        if (!field.Exists)
        {
            return null;
        }

        if (field.IsNull)
        {
            errors.Add(name, NullText);
            return null;
        }

        var text = TextOf(field);
        if (TrueTexts.Contains(text))
        {
            return true;
        }

        if (!FalseTexts.Contains(text))
        {
            errors.Add(name, $"\"{text}\" is not a valid boolean.");
        }

        return false;
    }

    private bool TryReadText(in BodyField field, string name, out string text)
    {
        text = "";
        if (field.IsNull)
        {
            errors.Add(name, NullText);
            return false;
        }

        if (!field.TryGetText(out text))
        {
            errors.Add(name, "Not a valid string.");
            return false;
        }

        text = text.Trim();
        return true;
    }

    private static int LengthOf(string text) => text.Count(unit => !char.IsLowSurrogate(unit));

    /// <summary>Spells a value as the original's language does.</summary>
    private static string TextOf(in BodyField field) => field.Kind switch
    {
        JsonTokenType.True => "True",
        JsonTokenType.False => "False",
        _ when field.TryGetText(out var text) => text,
        _ => Encoding.UTF8.GetString(field.Json.Span),
    };

    private static string TypeNameOf(JsonTokenType kind) => kind switch
    {
        JsonTokenType.True or JsonTokenType.False => "bool",
        JsonTokenType.StartArray => "list",
        JsonTokenType.StartObject => "dict",
        _ => "str",
    };
}
