namespace Channels;

/// <summary>Which page of stored messages to read.</summary>
/// <param name="Address">The address; without a room it means exactly that, unless <paramref name="AllRooms"/>.</param>
/// <param name="AllRooms">Whether all rooms of the channel are read.</param>
/// <param name="After">Only messages with a greater id.</param>
/// <param name="Before">Only messages with a smaller id; <see langword="null"/> for no bound.</param>
/// <param name="OldestFirst">Whether the page begins at the oldest of them.</param>
/// <param name="Limit">How many at most, at least 1.</param>
public sealed record PageQuery(
    ChannelAddress Address,
    bool AllRooms,
    MessageCursor After,
    MessageCursor? Before,
    bool OldestFirst,
    int Limit);
