namespace Channels;

/// <summary>Where a subscription starts; the default is now.</summary>
public readonly record struct SubscribeFrom
{
    /// <summary>Only what is published from now on.</summary>
    public static SubscribeFrom Now => default;

    /// <summary>The oldest message still there.</summary>
    public static SubscribeFrom Oldest => new() { Kind = SubscribeFromKind.Oldest };

    /// <summary>Which of the other properties counts.</summary>
    public SubscribeFromKind Kind { get; private init; }

    /// <summary>Position for <see cref="SubscribeFromKind.Cursor"/> and <see cref="SubscribeFromKind.Span"/>.</summary>
    public MessageCursor Cursor { get; private init; }

    /// <summary>Instant for <see cref="SubscribeFromKind.Time"/>; start of the span for <see cref="SubscribeFromKind.Span"/>.</summary>
    public DateTimeOffset Time { get; private init; }

    /// <summary>Length of the span for <see cref="SubscribeFromKind.Span"/>.</summary>
    public TimeSpan Length { get; private init; }

    /// <summary>Number of messages for <see cref="SubscribeFromKind.Last"/>.</summary>
    public int Count { get; private init; }

    /// <summary>Whether reading goes on at the oldest message when a gap is met, instead of failing.</summary>
    public bool ContinuesOverGaps { get; private init; }

    /// <summary>Everything after a position.</summary>
    /// <param name="cursor">Last position seen.</param>
    public static SubscribeFrom After(MessageCursor cursor) => new() { Kind = SubscribeFromKind.Cursor, Cursor = cursor };

    /// <summary>Everything after an id.</summary>
    /// <param name="id">Id of the last message seen, at least 0.</param>
    public static SubscribeFrom After(long id) => After(new MessageCursor(id));

    /// <summary>Everything created later than an instant.</summary>
    /// <param name="time">The instant.</param>
    public static SubscribeFrom Since(DateTimeOffset time) => new() { Kind = SubscribeFromKind.Time, Time = time };

    /// <summary>
    /// Everything created at the end of a span of time or later, and of what was created within the span everything after a position: for
    /// cursors of a coarse time and an id, which need not belong together.
    /// </summary>
    /// <param name="start">First instant of the span.</param>
    /// <param name="length">Length of the span, more than zero.</param>
    /// <param name="cursor">Last position seen within the span.</param>
    public static SubscribeFrom Within(DateTimeOffset start, TimeSpan length, MessageCursor cursor)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(length, TimeSpan.Zero);
        return new() { Kind = SubscribeFromKind.Span, Time = start, Length = length, Cursor = cursor };
    }

    /// <summary>The newest stored messages, oldest of them first, then everything new.</summary>
    /// <param name="count">How many at most, 1–1,000.</param>
    public static SubscribeFrom Last(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, HistoryQuery.MaxLimit);
        return new() { Kind = SubscribeFromKind.Last, Count = count };
    }

    /// <summary>The same start, but reading goes on behind a gap instead of failing.</summary>
    public SubscribeFrom ContinueOverGaps() => this with { ContinuesOverGaps = true };
}
