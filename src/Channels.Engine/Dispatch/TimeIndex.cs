namespace Channels.Engine;

/// <summary>
/// Finds positions by time. What lies before the time of a message that was handed on can never change any more, so that many clients that come
/// back with the same times cost one look-up.
/// </summary>
internal sealed class TimeIndex(string instance, IMessageStore messages)
{
    private const int RecentTimes = 256;

    private readonly Found?[] _recent = new Found?[RecentTimes];

    /// <summary>Finds a position such that every later message was created later than an instant, and no earlier one was.</summary>
    /// <param name="time">The instant.</param>
    /// <param name="settled">No message that is still to come is earlier than this.</param>
    /// <param name="cancellationToken">Abandons the read.</param>
    public ValueTask<long> FindAsync(DateTimeOffset time, DateTimeOffset settled, CancellationToken cancellationToken) =>
        Volatile.Read(ref SlotOf(time)) is { } known && known.Time == time ? new(known.Position) : ReadAsync(time, settled, cancellationToken);

    private async ValueTask<long> ReadAsync(DateTimeOffset time, DateTimeOffset settled, CancellationToken cancellationToken)
    {
        var position = (await messages.FindAsync(instance, time, cancellationToken).ConfigureAwait(false)).Value;
        if (time < settled)
        {
            Volatile.Write(ref SlotOf(time), new(time, position));
        }

        return position;
    }

    // Front ends ask for the last instant of whole seconds, so that neighbours do not displace each other.
    private ref Found? SlotOf(DateTimeOffset time) => ref _recent[(time.UtcTicks / TimeSpan.TicksPerSecond) & (RecentTimes - 1)];

    private sealed record Found(DateTimeOffset Time, long Position);
}
