namespace Channels.Engine;

/// <summary>
/// Bounds the tails of all active addresses together. Where it is exceeded, the addresses that nobody published to or read from for longest
/// let go of their oldest messages, which are read from the store from then on.
/// </summary>
internal sealed class TailBudget(EngineSettings settings, ChannelsMetrics metrics)
{
    private const int MaxSpared = 8;

    private readonly Lock _gate = new();

    // In the order of use, as far as is known: a reader only leaves a note, which counts when it is its address's turn.
    private AddressFeed? _first;
    private AddressFeed? _last;
    private long _bytes;

    /// <summary>Takes note that a tail grew or shrank; may be called under the lock of its address.</summary>
    public void Change(long bytes)
    {
        Interlocked.Add(ref _bytes, bytes);
        metrics.TailChanged(bytes);
    }

    /// <summary>Makes room for what was appended; called under the dispatcher's lock, never under that of an address.</summary>
    public void Appended(AddressFeed feed)
    {
        var limit = settings.Current.TailTotalBytes;
        lock (_gate)
        {
            MoveToEnd_NeedsLock(feed);

            var spared = 0;
            while (Interlocked.Read(ref _bytes) - limit is > 0 and var excess && _first != feed)
            {
                var oldest = _first!;
                if (spared < MaxSpared && oldest.TakeUse())
                {
                    spared++;
                    MoveToEnd_NeedsLock(oldest);
                    MoveToEnd_NeedsLock(feed);
                }
                else if (oldest.Evict(excess, keepsNewest: false))
                {
                    Unlink_NeedsLock(oldest);
                }
            }

            // What was appended last stays, since nobody had the time to read it.
            if (Interlocked.Read(ref _bytes) - limit is > 0 and var rest)
            {
                feed.Evict(rest, keepsNewest: true);
            }
        }
    }

    /// <summary>Takes note that an address is no longer active.</summary>
    public void Forget(AddressFeed feed)
    {
        lock (_gate)
        {
            Unlink_NeedsLock(feed);
        }
    }

    private void MoveToEnd_NeedsLock(AddressFeed feed)
    {
        if (_last == feed)
        {
            return;
        }

        Unlink_NeedsLock(feed);
        feed.UsedBefore = _last;
        if (_last is null)
        {
            _first = feed;
        }
        else
        {
            _last.UsedAfter = feed;
        }

        _last = feed;
    }

    private void Unlink_NeedsLock(AddressFeed feed)
    {
        if (feed.UsedBefore is null && _first != feed)
        {
            return;
        }

        if (feed.UsedBefore is null)
        {
            _first = feed.UsedAfter;
        }
        else
        {
            feed.UsedBefore.UsedAfter = feed.UsedAfter;
        }

        if (feed.UsedAfter is null)
        {
            _last = feed.UsedBefore;
        }
        else
        {
            feed.UsedAfter.UsedBefore = feed.UsedBefore;
        }

        feed.UsedBefore = null;
        feed.UsedAfter = null;
    }
}
