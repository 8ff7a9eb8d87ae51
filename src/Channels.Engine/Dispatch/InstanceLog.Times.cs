namespace Channels.Engine;

/// <summary>Positions by time.</summary>
internal sealed partial class InstanceLog
{
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    private readonly TimeIndex _times = new(instance, context.Messages);
    private long _positionTicks;

    /// <summary>No message that is still to be handed on was created earlier.</summary>
    private DateTimeOffset PositionTime => new(Volatile.Read(ref _positionTicks), TimeSpan.Zero);

    /// <summary>Finds where reading goes on that has seen a position within a span of time; the two need not belong together.</summary>
    private async ValueTask<long> FindInSpanAsync(SubscribeFrom from, CancellationToken cancellationToken)
    {
        var settled = PositionTime;
        var after = Math.Max(0, from.Cursor.Value);
        var end = await _times.FindAsync(LastInstant(from), settled, cancellationToken).ConfigureAwait(false);
        if (after > end)
        {
            return await ReachFromAsync(end, after, cancellationToken).ConfigureAwait(false);
        }

        if (after == end || from.Time <= DateTimeOffset.MinValue)
        {
            return after;
        }

        return Math.Max(after, await _times.FindAsync(from.Time - Tick, settled, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>How far a position behind the end of its span counts: as far as no message lies between, since ids of transient messages are in no log.</summary>
    private async ValueTask<long> ReachFromAsync(long end, long after, CancellationToken cancellationToken)
    {
        var slice = await context.Messages.ReadInstanceAfterAsync(instance, new(end), 1, cancellationToken).ConfigureAwait(false);
        return slice.Messages.Count > 0 && slice.Messages[0].Id <= after
            ? end
            : Math.Min(after, Math.Max(slice.Through.Value, Position));
    }

    private static DateTimeOffset LastInstant(SubscribeFrom from) =>
        DateTimeOffset.MaxValue - from.Time < from.Length ? DateTimeOffset.MaxValue : from.Time + from.Length - Tick;
}
