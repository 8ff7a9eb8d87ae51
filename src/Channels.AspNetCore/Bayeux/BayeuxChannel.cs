using System.Buffers;

namespace Channels.AspNetCore.Bayeux;

/// <summary>A channel of this wire: a path of segments. Source: docs/protocols/bayeux.md#channels</summary>
/// <param name="Path">The path without the slash at its end.</param>
/// <param name="Kind">What it is for.</param>
/// <param name="HasFinalSlash">Whether the client wrote a slash at the end.</param>
internal readonly record struct BayeuxChannel(string Path, BayeuxChannelKind Kind, bool HasFinalSlash)
{
    public const string Handshake = "/meta/handshake";
    public const string Connect = "/meta/connect";
    public const string Subscribe = "/meta/subscribe";
    public const string Unsubscribe = "/meta/unsubscribe";
    public const string Disconnect = "/meta/disconnect";

    private const string Meta = "/meta/";
    private const string Service = "/service/";

    private static readonly SearchValues<char> Characters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 !#$()+-.@_{}~");

    /// <summary>The engine's name of it.</summary>
    public string Name => Path[1..];

    public static bool TryParse(string? text, out BayeuxChannel channel)
    {
        channel = default;
        if (text is null || text.Length < 2 || text[0] != '/')
        {
            return false;
        }

        var hasSlash = text[^1] == '/';
        var path = hasSlash ? text[..^1] : text;
        if (path.Length < 2)
        {
            return false;
        }

        var last = path.LastIndexOf('/');
        var isPattern = path.AsSpan(last + 1) is "*" or "**";
        if (!AreSegments(isPattern ? path.AsSpan(0, last) : path, isEmptyAllowed: isPattern))
        {
            return false;
        }

        channel = new(path, KindOf(path, isPattern), hasSlash);
        return true;
    }

    /// <summary>Whether an engine's name can be told to clients of this wire.</summary>
    public static bool IsBroadcast(string path) => TryParse(path, out var channel) && channel is { Kind: BayeuxChannelKind.Broadcast, HasFinalSlash: false };

    private static BayeuxChannelKind KindOf(string path, bool isPattern) => path switch
    {
        _ when path.StartsWith(Meta, StringComparison.Ordinal) => BayeuxChannelKind.Meta,
        _ when path.StartsWith(Service, StringComparison.Ordinal) => BayeuxChannelKind.Service,
        _ => isPattern ? BayeuxChannelKind.Pattern : BayeuxChannelKind.Broadcast,
    };

    private static bool AreSegments(ReadOnlySpan<char> path, bool isEmptyAllowed)
    {
        if (path.IsEmpty)
        {
            return isEmptyAllowed;
        }

        foreach (var segment in path[1..].Split('/'))
        {
            var text = path[1..][segment];
            if (text.IsEmpty || text.ContainsAnyExcept(Characters))
            {
                return false;
            }
        }

        return true;
    }
}
