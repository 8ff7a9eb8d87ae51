namespace Channels;

/// <summary>How a limit counts.</summary>
public enum LimitKind
{
    /// <summary>Permits come back evenly over the period; unused ones are kept up to the limit.</summary>
    TokenBucket,

    /// <summary>All permits come back when the period is over that began with the first.</summary>
    FixedWindow,
}
