namespace Channels;

/// <summary>Which stored channels to list.</summary>
public sealed record ChannelListQuery
{
    /// <summary>How many at most, 0–1000.</summary>
    public int Limit { get; init; } = 100;

    /// <summary>Whether the newest channel comes first.</summary>
    public bool NewestFirst { get; init; }

    /// <summary>Only channels whose <see cref="ChannelDescriptor.Sequence"/> is greater.</summary>
    public long? After { get; init; }

    /// <summary>Only channels whose <see cref="ChannelDescriptor.Sequence"/> is smaller.</summary>
    public long? Before { get; init; }

    /// <summary>Only channels whose name starts with this, compared by code unit.</summary>
    public string? NamePrefix { get; init; }
}
