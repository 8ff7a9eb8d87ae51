namespace Channels;

/// <summary>Matches channel names by segments between slashes: <c>*</c> at the end stands for one segment, <c>**</c> for one or more.</summary>
/// <remarks>Rooms are not matched by patterns: an address with a room has the name <c>channel/room</c> here.</remarks>
public readonly record struct ChannelPattern
{
    private readonly string _prefix;
    private readonly bool _deep;

    private ChannelPattern(string text, string prefix, bool deep)
    {
        Text = text;
        _prefix = prefix;
        _deep = deep;
    }

    /// <summary>The pattern as it was written.</summary>
    public string Text { get; }

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
        _prefix is not null
        && name.Length > _prefix.Length
        && name.StartsWith(_prefix, StringComparison.Ordinal)
        && (_deep || name.IndexOf('/', _prefix.Length) < 0);
}
