using System.Buffers;

namespace Channels.AspNetCore.SocketIo.Speakap;

/// <summary>How the families are spelled. Source: docs/protocols/socketio.md#families</summary>
internal static class SpeakapFamilies
{
    private const char Separator = ':';

    private static readonly SearchValues<char> IdCharacters =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-");

    private static readonly (SpeakapFamily Family, string Name, string[] Ids)[] Table =
    [
        (SpeakapFamily.Config, "config", []),
        (SpeakapFamily.NetworkTimeline, "network_timeline", ["network"]),
        (SpeakapFamily.UserTimeline, "user_timeline", ["user", "network"]),
        (SpeakapFamily.GroupTimeline, "group_timeline", ["group", "network"]),
        (SpeakapFamily.Message, "message", ["message", "network"]),
        (SpeakapFamily.MessageReaders, "message_readers", ["message", "network"]),
        (SpeakapFamily.MyMemberships, "my_memberships", ["user", "network"]),
        (SpeakapFamily.GroupMemberships, "group_memberships", ["user", "network"]),
        (SpeakapFamily.GroupAdminMemberships, "group_admin_memberships", ["user", "network"]),
        (SpeakapFamily.Alerts, "alerts", ["globalUser"]),
        (SpeakapFamily.Messages, "messages", ["globalUser"]),
        (SpeakapFamily.News, "news", ["globalUser"]),
    ];

    /// <summary>The pattern of each family's channel names.</summary>
    public static IEnumerable<string> Patterns => Table.Select(entry => string.Join(Separator, [entry.Name, .. entry.Ids.Select(id => $"{{{id}}}")]));

    /// <summary>Whether a text can be an EID, which is opaque.</summary>
    public static bool IsId(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExcept(IdCharacters);

    /// <summary>Reads a channel name.</summary>
    /// <param name="channel">The name.</param>
    /// <param name="family">Its family.</param>
    /// <param name="ids">Its EIDs.</param>
    /// <returns>Whether it is the name of a channel of a family.</returns>
    public static bool TryParse(string channel, out SpeakapFamily family, out string[] ids)
    {
        var segments = channel.Split(Separator);
        ids = segments[1..];
        family = default;
        var index = Array.FindIndex(Table, entry => entry.Name == segments[0]);
        if (index < 0 || ids.Length != Table[index].Ids.Length || !Array.TrueForAll(ids, id => IsId(id)))
        {
            return false;
        }

        family = Table[index].Family;
        return true;
    }

    /// <summary>Whether a name begins like a family's, so that it is either a channel of the family or none.</summary>
    public static bool Claims(string channel)
    {
        var end = channel.IndexOf(Separator, StringComparison.Ordinal);
        var name = end < 0 ? channel : channel[..end];
        return Array.Exists(Table, entry => entry.Name == name && (end >= 0 || entry.Ids.Length == 0));
    }

    /// <summary>Spells the name of a channel.</summary>
    /// <exception cref="ArgumentException">Something is no EID.</exception>
    public static string NameOf(SpeakapFamily family, params ReadOnlySpan<string> ids)
    {
        var name = Table[(int)family].Name;
        foreach (var id in ids)
        {
            name = IsId(id) ? $"{name}{Separator}{id}" : throw new ArgumentException("An EID has the characters 0-9, A-Z, a-z, _ and - only.", nameof(ids));
        }

        return name;
    }
}
