namespace Channels.AspNetCore.SocketIo.Speakap;

/// <summary>A change of a timeline, or of a message and its comments.</summary>
/// <remarks>Source: docs/protocols/socketio.md#notifications</remarks>
public sealed record TimelineNotification
{
    /// <summary>What happened.</summary>
    public required TimelineEvent Event { get; init; }

    /// <summary>EID of the message.</summary>
    public required string Message { get; init; }

    /// <summary>EID of the user who wrote it.</summary>
    public required string Author { get; init; }

    /// <summary>EID of the message that a comment belongs to; <see langword="null"/> for what is no comment.</summary>
    public string? Parent { get; init; }

    /// <summary>Whether a new comment is its author's first one there.</summary>
    public bool? FirstCommentByAuthor { get; init; }

    /// <summary>Who deleted a comment.</summary>
    public DeletedBy? DeletedBy { get; init; }

    /// <summary>EID of the user who likes it, or does no longer.</summary>
    public string? Liker { get; init; }
}
