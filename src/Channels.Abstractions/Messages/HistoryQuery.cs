namespace Channels;

/// <summary>Which stored messages to read, and in which order.</summary>
public sealed record HistoryQuery
{
    /// <summary>Largest permitted <see cref="Limit"/>.</summary>
    public const int MaxLimit = 1000;

    /// <summary>How many messages at most, 0–1000.</summary>
    public int Limit { get; init; } = 100;

    /// <summary>Whether the page starts at the oldest message instead of the newest.</summary>
    public bool OldestFirst { get; init; }

    /// <summary>Only messages with a greater id.</summary>
    public MessageCursor? After { get; init; }

    /// <summary>Only messages with a smaller id.</summary>
    public MessageCursor? Before { get; init; }

    /// <summary>Whether a channel with separate rooms is read over all its rooms when the address names none; for administrators.</summary>
    public bool AllRooms { get; init; }
}
