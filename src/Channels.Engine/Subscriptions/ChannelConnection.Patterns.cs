namespace Channels.Engine;

/// <summary>The patterns of the connection.</summary>
internal sealed partial class ChannelConnection
{
    public async ValueTask<SubscribeResult> SubscribePatternAsync(ChannelPattern pattern, string instance, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(pattern.Text, nameof(pattern));
        if (!MaySubscribe(Caller, instance, null, out var throttled))
        {
            return throttled;
        }

        var (status, joined) = Enter(instance);
        if (joined is null)
        {
            return new(status);
        }

        await joined.Log.OpenAsync(cancellationToken).ConfigureAwait(false);
        var subscription = new PatternSubscription(this, _context, joined, pattern);
        lock (_gate)
        {
            if (Array.Exists(_patterns, other => other.Pattern == pattern))
            {
                return new(AccessStatus.Allowed, new(joined.Log.Position));
            }

            if (End != ConnectionEnd.None || !HasRoom_NeedsLock())
            {
                return new(AccessStatus.LimitReached);
            }

            Volatile.Write(ref _patterns, [.. _patterns, subscription]);
        }

        _context.Metrics.Subscribed(1);
        var position = joined.Log.Add(subscription);
        if (!Volatile.Read(ref _patterns).Contains(subscription))
        {
            // It was closed or unsubscribed before the log knew the pattern.
            joined.Log.Remove(subscription);
        }

        return new(AccessStatus.Allowed, new(position));
    }

    /// <summary>Attaches an address for a pattern, from where it was missed on; called under the dispatcher's lock.</summary>
    public void Match(AddressFeed feed, MissedMatches missed)
    {
        var pattern = Array.Find(
            Volatile.Read(ref _patterns), pattern => pattern.Pattern.Matches(feed.Address) && pattern.Wants(feed.Address, missed.After));
        pattern?.Attach(feed, missed.After, missed.Gap);
    }

    /// <summary>Keeps patterns from attaching an address again, until its channel changes; called under the dispatcher's lock.</summary>
    public void LeaveOut(ChannelAddress address)
    {
        foreach (var pattern in Volatile.Read(ref _patterns))
        {
            if (pattern.Pattern.Matches(address))
            {
                pattern.LeaveOut(address);
            }
        }
    }

    public bool UnsubscribePattern(ChannelPattern pattern, string instance)
    {
        PatternSubscription? subscription;
        lock (_gate)
        {
            subscription = Array.Find(_patterns, other => other.Pattern == pattern);
            Volatile.Write(ref _patterns, [.. _patterns.Where(other => other != subscription)]);
        }

        if (subscription is null)
        {
            return false;
        }

        _instance!.Log.Remove(subscription);
        foreach (var reader in AllReaders())
        {
            Release(reader, subscription);
        }

        _context.Metrics.Subscribed(-1);
        return true;
    }
}
