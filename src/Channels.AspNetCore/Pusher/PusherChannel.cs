using System.Buffers;

namespace Channels.AspNetCore.Pusher;

/// <summary>A channel as its name describes it. Source: docs/protocols/pusher.md#channels</summary>
/// <param name="Name">The whole name.</param>
/// <param name="Kind">What it is.</param>
/// <param name="IsCached">Whether its last event is kept for new subscribers.</param>
internal readonly record struct PusherChannel(string Name, PusherChannelKind Kind, bool IsCached = false)
{
    public const string UserPrefix = "#server-to-user-";

    public const string PresencePrefix = "presence-";

    private const string EncryptedPrefix = "private-encrypted-";
    private const string PrivatePrefix = "private-";
    private const string CachePrefix = "cache-";

    private static readonly SearchValues<char> Characters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-=@,.;");

    /// <summary>Whether subscribing needs a signature.</summary>
    public bool NeedsSignature => Kind is PusherChannelKind.Private or PusherChannelKind.Encrypted or PusherChannelKind.Presence;

    /// <summary>The user whose channel it is.</summary>
    public string UserId => Name[UserPrefix.Length..];

    /// <summary>The channel of a user.</summary>
    public static PusherChannel OfUser(string userId) => new(UserPrefix + userId, PusherChannelKind.User);

    /// <summary>Whether an address is the channel of a user.</summary>
    public static bool IsOfUser(in ChannelAddress address) => address.Channel.StartsWith(UserPrefix, StringComparison.Ordinal);

    /// <summary>Reads a name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="maxLength">Longest name, in characters.</param>
    /// <param name="channel">The channel.</param>
    /// <returns>Whether it is a name.</returns>
    public static bool TryParse(string name, int maxLength, out PusherChannel channel)
    {
        channel = default;
        if (name.Length == 0 || name.Length > maxLength)
        {
            return false;
        }

        if (name[0] == '#')
        {
            // The id of a user may hold what a name may not.
            channel = new(name, PusherChannelKind.User);
            return name.Length > UserPrefix.Length && name.StartsWith(UserPrefix, StringComparison.Ordinal) && new ChannelAddress(name).IsValid;
        }

        if (name.AsSpan().ContainsAnyExcept(Characters))
        {
            return false;
        }

        var (kind, rest) = Classify(name);
        channel = new(name, kind, name.AsSpan(rest).StartsWith(CachePrefix, StringComparison.Ordinal));
        return true;
    }

    private static (PusherChannelKind Kind, int PrefixLength) Classify(string name) => name switch
    {
        _ when name.StartsWith(EncryptedPrefix, StringComparison.Ordinal) => (PusherChannelKind.Encrypted, EncryptedPrefix.Length),
        _ when name.StartsWith(PrivatePrefix, StringComparison.Ordinal) => (PusherChannelKind.Private, PrivatePrefix.Length),
        _ when name.StartsWith(PresencePrefix, StringComparison.Ordinal) => (PusherChannelKind.Presence, PresencePrefix.Length),
        _ => (PusherChannelKind.Public, 0),
    };
}
