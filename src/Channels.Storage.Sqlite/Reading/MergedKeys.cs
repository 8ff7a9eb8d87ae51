namespace Channels.Storage.Sqlite.Reading;

/// <summary>Collects the first keys, in one direction, of several sorted sources.</summary>
/// <param name="limit">How many at most.</param>
/// <param name="descending">Whether the greatest come first.</param>
internal sealed class MergedKeys(int limit, bool descending)
{
    // The one that would be dropped next is at the top.
    private readonly PriorityQueue<int, long> _kept = new();

    /// <summary>Whether later sources matter only with keys better than the worst kept one.</summary>
    public bool IsFull => _kept.Count == limit;

    /// <summary>Offers a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="source">Index of the source that it comes from.</param>
    /// <returns>Whether a further key of the same source may be taken.</returns>
    public bool Offer(long key, int source)
    {
        var rank = descending ? key : -key;
        if (!IsFull)
        {
            _kept.Enqueue(source, rank);
            return true;
        }

        _kept.TryPeek(out _, out var worst);
        if (rank <= worst)
        {
            return false;
        }

        _kept.EnqueueDequeue(source, rank);
        return true;
    }

    /// <summary>The kept keys with their sources, best first, each key once.</summary>
    public IEnumerable<(long Key, int Source)> InOrder() =>
        _kept.UnorderedItems
            .OrderByDescending(item => item.Priority)
            .Select(item => (Key: Math.Abs(item.Priority), Source: item.Element))
            .DistinctBy(item => item.Key);
}
