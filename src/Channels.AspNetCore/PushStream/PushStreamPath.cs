using System.Globalization;
using System.Text;
using Channels.AspNetCore.Http;

namespace Channels.AspNetCore.PushStream;

/// <summary>Reads the channels that a path names. Source: docs/protocols/pushstream.md#channels-in-the-path</summary>
internal static class PushStreamPath
{
    private const string BacktrackMark = ".b";

    /// <summary>Reads them in the order of the path, each once.</summary>
    /// <param name="path">What follows the transport, decoded once; an escaped slash may still be escaped.</param>
    /// <param name="options">Limits.</param>
    /// <param name="targets">The channels.</param>
    /// <returns>The refusal, if the path is not acceptable.</returns>
    public static JsonAnswer? Read(string path, PushStreamOptions options, out List<PushStreamTarget> targets)
    {
        targets = [];
        var text = path.Contains('%', StringComparison.Ordinal) ? path.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase) : path;
        foreach (var range in text.AsSpan().Split('/'))
        {
            var piece = text.AsSpan(range);
            if (!piece.IsEmpty && Add(targets, Parse(piece, options), options) is { } refusal)
            {
                return refusal;
            }
        }

        return targets.Count == 0 ? PushStreamErrors.NoChannel : null;
    }

    /// <summary>Reads the names that a publisher gives, divided by slashes; to publishers a suffix is part of the name.</summary>
    /// <param name="id">What was given, if anything.</param>
    /// <param name="options">Limits.</param>
    /// <param name="names">The names.</param>
    /// <returns>The refusal, if they are not acceptable.</returns>
    public static JsonAnswer? ReadNames(string? id, PushStreamOptions options, out List<string> names)
    {
        names = [.. (id ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal)];
        return names.Count == 0 ? PushStreamErrors.NoChannel
            : names.Count > options.MaxChannels ? PushStreamErrors.TooManyChannels
            : names.Select(name => Check(name, options)).FirstOrDefault(refusal => refusal is not null);
    }

    /// <summary>Checks a name as publishers and subscribers alike have to spell it.</summary>
    private static JsonAnswer? Check(string name, PushStreamOptions options) => name switch
    {
        "ALL" => PushStreamErrors.NameNotAuthorized,
        _ when name.Contains('*', StringComparison.Ordinal) => PushStreamErrors.NameNotAuthorized,
        _ when Encoding.UTF8.GetByteCount(name) > options.MaxNameBytes => PushStreamErrors.NameTooLarge,
        _ when !new ChannelAddress(name).IsValid => PushStreamErrors.NameInvalid,
        _ => null,
    };

    private static JsonAnswer? Add(List<PushStreamTarget> targets, PushStreamTarget target, PushStreamOptions options)
    {
        if (Check(target.Name, options) is { } refusal)
        {
            return refusal;
        }

        var known = targets.FindIndex(other => string.Equals(other.Name, target.Name, StringComparison.Ordinal));
        if (known >= 0)
        {
            targets[known] = target with { Backtrack = Math.Max(target.Backtrack, targets[known].Backtrack) };
            return null;
        }

        targets.Add(target);
        return targets.Count > options.MaxChannels ? PushStreamErrors.TooManyChannels : null;
    }

    /// <summary>Only a suffix of digits counts, and something must be left before it.</summary>
    private static PushStreamTarget Parse(ReadOnlySpan<char> piece, PushStreamOptions options)
    {
        var mark = piece.LastIndexOf(BacktrackMark);
        var digits = mark > 0 ? piece[(mark + BacktrackMark.Length)..] : default;
        if (digits.IsEmpty || digits.ContainsAnyExceptInRange('0', '9'))
        {
            return new(piece.ToString(), 0);
        }

        var backtrack = int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : int.MaxValue;
        return new(piece[..mark].ToString(), Math.Min(backtrack, options.MaxBacktrack));
    }
}
