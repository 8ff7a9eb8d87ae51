namespace Channels;

/// <summary>How much of something may be done in a time.</summary>
public sealed class LimitOptions
{
    /// <summary>How it counts. Default <see cref="LimitKind.TokenBucket"/>.</summary>
    public LimitKind Kind { get; set; }

    /// <summary>What shares the budget. Default <see cref="LimitScope.Instance"/>.</summary>
    public LimitScope Scope { get; set; }

    /// <summary>How much may be done in one period. Default 60; at least 1.</summary>
    public int Permits { get; set; } = 60;

    /// <summary>The period. Default 1 second; 1 millisecond to 1 day.</summary>
    public TimeSpan Period { get; set; } = TimeSpan.FromSeconds(1);
}
