namespace Channels.Engine;

/// <summary>
/// The patterns of one instance by what their names begin with: a message finds those that match it by the segments of its own name, however
/// many others there are.
/// </summary>
internal sealed class PatternTable
{
    private readonly Dictionary<string, Patterns> _byPrefix = new(StringComparer.Ordinal);
    private readonly List<PatternSubscription> _matches = [];

    public IEnumerable<PatternSubscription> All => _byPrefix.Values.SelectMany(patterns => patterns.Shallow.Concat(patterns.Deep));

    public void Add(PatternSubscription pattern)
    {
        if (!_byPrefix.TryGetValue(pattern.Pattern.Prefix, out var patterns))
        {
            patterns = new();
            _byPrefix.Add(pattern.Pattern.Prefix, patterns);
        }

        patterns.Of(pattern).Add(pattern);
    }

    public void Remove(PatternSubscription pattern)
    {
        if (_byPrefix.TryGetValue(pattern.Pattern.Prefix, out var patterns) && patterns.Of(pattern).Remove(pattern)
            && patterns.Shallow.Count + patterns.Deep.Count == 0)
        {
            _byPrefix.Remove(pattern.Pattern.Prefix);
        }
    }

    /// <summary>Finds the patterns that match an address.</summary>
    /// <returns>Valid until the next call.</returns>
    public List<PatternSubscription> Match(in ChannelAddress address)
    {
        _matches.Clear();
        if (_byPrefix.Count == 0)
        {
            return _matches;
        }

        ReadOnlySpan<char> name = address.Room is null ? address.Channel : $"{address.Channel}/{address.Room}";
        var byPrefix = _byPrefix.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var length = 0; length < name.Length;)
        {
            var segment = name[length..].IndexOf('/');
            if (byPrefix.TryGetValue(name[..length], out var patterns))
            {
                _matches.AddRange(patterns.Deep);
                _matches.AddRange(segment < 0 ? patterns.Shallow : []);
            }

            length = segment < 0 ? name.Length : length + segment + 1;
        }

        return _matches;
    }

    private sealed class Patterns
    {
        /// <summary>Those for one more segment.</summary>
        public HashSet<PatternSubscription> Shallow { get; } = [];

        /// <summary>Those for one more segment or several.</summary>
        public HashSet<PatternSubscription> Deep { get; } = [];

        public HashSet<PatternSubscription> Of(PatternSubscription pattern) => pattern.Pattern.IsDeep ? Deep : Shallow;
    }
}
