namespace Channels;

/// <summary>Matches channel names by segments between slashes: <c>*</c> at the end stands for one segment, <c>**</c> for one or more.</summary>
/// <remarks>Rooms are not matched by patterns: an address with a room has the name <c>channel/room</c> here.</remarks>
public readonly record struct ChannelPattern
{
    private ChannelPattern(string text, string prefix, bool deep)
    {
        Text = text;
        Prefix = prefix;
        IsDeep = deep;
    }

    /// <summary>The pattern as it was written.</summary>
    public string Text { get; }

    /// <summary>What the names that match begin with: the literal segments, with a slash behind each; empty for none.</summary>
    public string Prefix { get; }

    /// <summary>Whether several segments may follow the literal ones, rather than exactly one.</summary>
    public bool IsDeep { get; }

    /// <summary>Reads a pattern such as <c>chat/*</c> or <c>chat/**</c>.</summary>
    /// <param name="text">Literal segments, then <c>*</c> or <c>**</c> as the last segment.</param>
    /// <param name="pattern">The pattern.</param>
    /// <returns>Whether the text is a pattern.</returns>
    public static bool TryParse(string? text, out ChannelPattern pattern)
    {
        pattern = default;
        if (string.IsNullOrEmpty(text) || text.Length > ChannelAddress.MaxNameLength)
        {
            return false;
        }

        var lastSegment = text.LastIndexOf('/') + 1;
        var wildcard = text[lastSegment..];
        if (wildcard is not ("*" or "**") || text.AsSpan(0, lastSegment).Contains('*'))
        {
            return false;
        }

        pattern = new(text, text[..lastSegment], wildcard == "**");
        return true;
    }

    /// <summary>Tells whether an address matches.</summary>
    /// <param name="address">The address.</param>
    public bool Matches(in ChannelAddress address)
    {
        if (address.Room is null)
        {
            return MatchesName(address.Channel);
        }

        return MatchesName($"{address.Channel}/{address.Room}");
    }

    private bool MatchesName(string name) =>
        Prefix is not null
        && name.Length > Prefix.Length
        && name.StartsWith(Prefix, StringComparison.Ordinal)
        && (IsDeep || name.IndexOf('/', Prefix.Length) < 0);
}
