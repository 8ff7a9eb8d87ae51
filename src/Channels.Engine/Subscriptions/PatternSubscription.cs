using System.Collections.Concurrent;

namespace Channels.Engine;

/// <summary>A pattern of one connection: leave to look. Each address that matches is authorized when it first gets a message.</summary>
internal sealed class PatternSubscription(ChannelConnection connection, EngineContext context, Instance instance, ChannelPattern pattern)
{
    private readonly ConcurrentDictionary<ChannelAddress, bool> _seen = new();

    public ChannelPattern Pattern { get; } = pattern;

    /// <summary>Whether the address is new to the pattern; called under the dispatcher's lock, before its message is handed on.</summary>
    public bool Wants(in ChannelAddress address)
    {
        if (!Pattern.Matches(address) || _seen.ContainsKey(address) || connection.Find(address) is not null)
        {
            return false;
        }

        if (_seen.Count >= context.Options.MaxPatternMatches)
        {
            context.Metrics.LimitReached("pattern_matches");
            return false;
        }

        return _seen.TryAdd(address, true);
    }

    /// <summary>Makes a reader that stands right before a message and holds the connection there until the decision.</summary>
    public AddressReader? Attach(AddressFeed feed, long before)
    {
        var reader = new AddressReader(connection, context, feed, Pattern);
        reader.Suspend(before);
        reader.StartAt(before, gap: null);
        if (!connection.TryAdd(reader))
        {
            return null;
        }

        feed.Add(reader);
        ThreadPool.UnsafeQueueUserWorkItem(static state => _ = state.Subscription.DecideAsync(state.Reader), (Subscription: this, Reader: reader), preferLocal: false);
        return reader;
    }

    /// <summary>Lets addresses of a channel be decided again, after its descriptor changed.</summary>
    public void Forget(string channel)
    {
        foreach (var address in _seen.Keys)
        {
            if (string.Equals(address.Channel, channel, StringComparison.Ordinal))
            {
                _seen.TryRemove(address, out _);
            }
        }
    }

    private async Task DecideAsync(AddressReader reader)
    {
        try
        {
            AccessDecision decision;
            do
            {
                decision = await instance.Guard.AuthorizeAsync(
                    connection.Caller, reader.Feed.Address, ChannelOperations.Subscribe, allRooms: false, CancellationToken.None).ConfigureAwait(false);
            }
            while (!instance.Log.TryResume(reader, decision));
        }
        catch (ChannelsException)
        {
            // Undecided means no; the next message asks again.
            connection.Detach(reader);
            _seen.TryRemove(reader.Feed.Address, out _);
        }

        connection.Wake();
    }
}
