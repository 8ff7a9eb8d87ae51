namespace Channels;

/// <summary>A message with its place in the order; immutable and shared by all who receive it.</summary>
public sealed record ChannelMessage
{
    /// <summary>Position in the instance's strictly increasing sequence; at least 1.</summary>
    public required long Id { get; init; }

    /// <summary>Where it was published.</summary>
    public required ChannelAddress Address { get; init; }

    /// <summary>When it got its id, UTC; never falls along ids.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>From when on it is no longer visible, UTC.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>One JSON value, UTF-8, exactly as it was published.</summary>
    public required ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>What it reports.</summary>
    public MessageAction Action { get; init; }

    /// <summary>Event name for front ends that have names, if any.</summary>
    public string? Event { get; init; }

    /// <summary>Who caused it.</summary>
    public MessageAuthor Author { get; init; } = MessageAuthor.None;

    /// <summary>What it is about.</summary>
    public MessageMetadata Metadata { get; init; } = MessageMetadata.Message;

    /// <summary>Facts attached by front-end code.</summary>
    public MessageAttributes Attributes { get; init; } = MessageAttributes.None;

    /// <summary>Public id of the connection that does not receive it, if any.</summary>
    public string? ExcludedConnection { get; init; }

    /// <summary>Whether it is delivered only and never history.</summary>
    public bool IsTransient { get; init; }

    /// <summary>The position right after this message.</summary>
    public MessageCursor Cursor => new(Id);
}
