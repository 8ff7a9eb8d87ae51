namespace Channels;

/// <summary>Which objects of a class, or which classes, to list.</summary>
public sealed record ObjectListQuery
{
    /// <summary>Most that one query may ask for.</summary>
    public const int MaxLimit = 1000;

    /// <summary>How many at most, 0–1000.</summary>
    public int Limit { get; init; } = 100;

    /// <summary>Whether the newest comes first.</summary>
    public bool NewestFirst { get; init; }

    /// <summary>Only objects with a greater id, or classes with a greater sequence.</summary>
    public long? After { get; init; }

    /// <summary>Only objects with a smaller id, or classes with a smaller sequence.</summary>
    public long? Before { get; init; }
}
