namespace Channels;

/// <summary>How the start of a subscription is given.</summary>
public enum SubscribeFromKind
{
    /// <summary>Only what is new.</summary>
    Now,

    /// <summary>From the oldest message still there.</summary>
    Oldest,

    /// <summary>After a position.</summary>
    Cursor,

    /// <summary>After an instant.</summary>
    Time,

    /// <summary>After a position within a span of time.</summary>
    Span,

    /// <summary>From the newest stored messages.</summary>
    Last,
}
