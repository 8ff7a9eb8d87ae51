using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Channels.Engine;

/// <summary>A pattern of one connection: leave to look. Each address that matches is authorized when it first gets a message.</summary>
internal sealed partial class PatternSubscription(ChannelConnection connection, EngineContext context, Instance instance, ChannelPattern pattern)
{
    private readonly ConcurrentDictionary<ChannelAddress, bool> _seen = new();

    public ChannelPattern Pattern { get; } = pattern;

    /// <summary>Whether an address that matches is new to the pattern; called under the dispatcher's lock, before its message is handed on.</summary>
    public bool Wants(in ChannelAddress address, long position)
    {
        if (_seen.ContainsKey(address))
        {
            return false;
        }

        if (connection.Find(address) is { } attached)
        {
            if (attached.EndReason != AccessStatus.Allowed)
            {
                attached.Unmatched ??= new(position);
            }

            return false;
        }

        if (_seen.Count >= context.Options.MaxPatternMatches)
        {
            context.Metrics.LimitReached("pattern_matches");
            return false;
        }

        return _seen.TryAdd(address, true);
    }

    /// <summary>Takes over a reader that something else of the connection had attached.</summary>
    public void TakeOver(AddressReader reader)
    {
        reader.Owner = this;
        reader.Caller = connection.Caller;
    }

    /// <summary>Leaves an address out, until its channel changes.</summary>
    public void LeaveOut(in ChannelAddress address) => _seen.TryAdd(address, true);

    /// <summary>Takes note that an address it had attached is subscribed by itself now.</summary>
    public void GiveUp(in ChannelAddress address) => _seen.TryRemove(address, out _);

    /// <summary>Makes a reader that stands right before a message and holds the connection there until the decision.</summary>
    public void Attach(AddressFeed feed, long before, MessageGap? gap = null)
    {
        var reader = new AddressReader(connection, connection.Caller, context, feed, this);
        reader.Suspend(before);
        reader.StartAt(before, gap, startsAnywhere: false);
        if (InstanceLog.TryAdd(reader, replaced: null))
        {
            ThreadPool.UnsafeQueueUserWorkItem(
                static state => _ = state.Subscription.DecideAsync(state.Reader), (Subscription: this, Reader: reader), preferLocal: false);
        }
    }

    /// <summary>Lets addresses of a channel be decided again, after its descriptor changed.</summary>
    public void Forget(string channel)
    {
        foreach (var (address, _) in _seen)
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
#pragma warning disable CA1031 // whatever the store throws: an address that stays undecided would hold back the connection for good
        catch (Exception exception)
#pragma warning restore CA1031
        {
            // Undecided means no; the next message asks again.
            instance.Log.Detach(reader, isRefused: true);
            _seen.TryRemove(reader.Feed.Address, out _);
            context.Metrics.StoreFailed("authorize");
            Log.DecisionFailed(context.Loggers.CreateLogger<PatternSubscription>(), exception);
        }

        connection.Wake();
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Deciding over an address that a pattern matched failed; the next message asks again.", EventName = "DecisionFailed")]
        public static partial void DecisionFailed(ILogger logger, Exception exception);
    }
}
