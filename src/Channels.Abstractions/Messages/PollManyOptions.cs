namespace Channels;

/// <summary>How a poll over several addresses waits and how much it answers.</summary>
public sealed record PollManyOptions
{
    /// <summary>How long it waits when there is nothing to answer; zero for not at all, <see langword="null"/> for the configured window.</summary>
    public TimeSpan? Window { get; init; }

    /// <summary>Most messages of an answer, at least 1; default 1,000.</summary>
    public int MaxMessages { get; init; } = 1000;

    /// <summary>Most payload bytes of an answer, which has at least one message whatever its size; default 1 MiB.</summary>
    public long MaxBytes { get; init; } = 1024 * 1024;
}
