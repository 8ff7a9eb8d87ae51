namespace Channels;

/// <summary>Names what one publishes to and reads from: the unit of order, history and fan-out.</summary>
/// <param name="Channel">Name of the channel, 1–255 characters without control characters, case-sensitive.</param>
/// <param name="Room">Name of a room, 1–255 characters; <see langword="null"/> for a channel without rooms.</param>
/// <param name="Instance">Tenant that the channel belongs to, 1–64 characters.</param>
public readonly record struct ChannelAddress(string Channel, string? Room = null, string Instance = ChannelAddress.DefaultInstance)
{
    /// <summary>The instance that is meant when nobody names one.</summary>
    public const string DefaultInstance = "default";

    /// <summary>Longest channel or room name, in UTF-16 code units.</summary>
    public const int MaxNameLength = 255;

    /// <summary>Longest instance name, in UTF-16 code units.</summary>
    public const int MaxInstanceLength = 64;

    /// <summary>Whether every part has a permitted length and holds neither control characters nor lone surrogates.</summary>
    public bool IsValid =>
        IsName(Channel, MaxNameLength)
        && (ReferenceEquals(Instance, DefaultInstance) || IsName(Instance, MaxInstanceLength))
        && (Room is null || IsName(Room, MaxNameLength));

    /// <summary>Makes the address of a channel without rooms in the default instance.</summary>
    /// <param name="channel">Name of the channel.</param>
    public static implicit operator ChannelAddress(string channel) => new(channel);

    /// <summary>Makes the address of a channel without rooms in the default instance.</summary>
    /// <param name="channel">Name of the channel.</param>
    public static ChannelAddress FromString(string channel) => new(channel);

    /// <summary>Spells the address for logs and exceptions.</summary>
    /// <returns><c>instance/channel</c> or <c>instance/channel.room</c>.</returns>
    public override string ToString() => Room is null ? $"{Instance}/{Channel}" : $"{Instance}/{Channel}.{Room}";

    internal static bool IsName(string? name, int maxLength)
    {
        if (string.IsNullOrEmpty(name) || name.Length > maxLength)
        {
            return false;
        }

        for (var i = 0; i < name.Length; i++)
        {
            if (char.IsControl(name[i]))
            {
                return false;
            }

            if (char.IsSurrogate(name[i]) && (i + 1 == name.Length || !char.IsSurrogatePair(name[i], name[++i])))
            {
                return false;
            }
        }

        return true;
    }
}
