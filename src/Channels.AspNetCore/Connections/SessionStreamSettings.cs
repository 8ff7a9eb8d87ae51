namespace Channels.AspNetCore.Connections;

/// <summary>How a session is served as a streamed response.</summary>
internal sealed record SessionStreamSettings
{
    public required string ContentType { get; init; }

    /// <summary>After how many bytes the response ends, so that the client opens the next one; a batch that is begun is written whole.</summary>
    public long MaxBytes { get; init; } = long.MaxValue;

    /// <summary>
    /// After how many characters of the body the client opens the next response by itself: nothing more is sent on this one for <see cref="ChangeTime"/> then, for
    /// it would be lost. <see langword="null"/> for clients that do not.
    /// </summary>
    public long? ChangesAfterChars { get; init; }

    /// <summary>How long the next response is waited for then; without one, this one goes on.</summary>
    public TimeSpan ChangeTime { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often a client that is sent nothing gets a sign of life; <see langword="null"/> for never.</summary>
    public Heartbeat? Heartbeat { get; init; }

    /// <summary>The sign of life.</summary>
    public Frame HeartbeatFrame { get; init; }
}
