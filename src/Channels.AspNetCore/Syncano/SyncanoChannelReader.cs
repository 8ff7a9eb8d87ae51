using Channels.AspNetCore.Http;

namespace Channels.AspNetCore.Syncano;

/// <summary>Requests about channels, from this wire's words to the engine's. Source: docs/protocols/syncano.md#channels</summary>
internal sealed class SyncanoChannelReader(BodyFields body, FieldErrors errors) : SyncanoFieldReader(body, errors)
{
    private const int MaxNameLength = 64;

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

    private string? ReadName()
    {
        if (ReadLoweredName() is not { } name)
        {
            return null;
        }

        CheckName(name);
        return name;
    }

    private void CheckName(string name)
    {
        if (!char.IsAsciiLetterLower(name[0]))
        {
            Errors.Add("name", "Value has to start with a letter.");
        }

        if (!char.IsAsciiLetterLower(name[^1]) && !char.IsAsciiDigit(name[^1]))
        {
            Errors.Add("name", "Value has to end with a letter or a number.");
        }

        if (name.Any(letter => !char.IsAsciiLetterLower(letter) && !char.IsAsciiDigit(letter) && letter is not ('_' or '-')))
        {
            Errors.Add("name", "Enter a valid value consisting of letters, numbers, underscores, hyphens.");
        }

        if (LengthOf(name) is > MaxNameLength and var length)
        {
            Errors.Add("name", $"Ensure this value has at most 64 characters (it has {length}).");
        }
    }
}
