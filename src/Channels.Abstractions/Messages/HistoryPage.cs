namespace Channels;

/// <summary>A page of stored messages.</summary>
/// <param name="Messages">In the order that was asked for; empty when access was not allowed.</param>
/// <param name="HasMore">Whether further messages follow in the same direction.</param>
/// <param name="Status">Whether the caller was allowed to read.</param>
public sealed record HistoryPage(
    IReadOnlyList<ChannelMessage> Messages,
    bool HasMore = false,
    AccessStatus Status = AccessStatus.Allowed)
{
    /// <summary>Makes the page of a caller who was refused.</summary>
    /// <param name="status">Why.</param>
    public static HistoryPage Refused(AccessStatus status) => new([], false, status);
}
