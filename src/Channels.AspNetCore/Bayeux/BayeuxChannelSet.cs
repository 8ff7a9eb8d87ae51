namespace Channels.AspNetCore.Bayeux;

/// <summary>A set of broadcast channels, named and by patterns.</summary>
internal sealed class BayeuxChannelSet
{
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly List<ChannelPattern> _patterns = [];

    /// <param name="channels">Valid channels and patterns.</param>
    public BayeuxChannelSet(IEnumerable<string> channels)
    {
        foreach (var text in channels)
        {
            if (!BayeuxChannel.TryParse(text, out var channel))
            {
                throw new ArgumentException($"'{text}' is not a channel.", nameof(channels));
            }

            if (ChannelPattern.TryParse(channel.Name, out var pattern))
            {
                _patterns.Add(pattern);
            }
            else
            {
                _names.Add(channel.Name);
            }
        }
    }

    public bool Contains(string name) => _names.Contains(name) || _patterns.Exists(pattern => pattern.Matches(name));
}
