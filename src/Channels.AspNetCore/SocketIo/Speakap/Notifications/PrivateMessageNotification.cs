namespace Channels.AspNetCore.SocketIo.Speakap;

/// <summary>A change of a user's private messages.</summary>
/// <remarks>Source: docs/protocols/socketio.md#notifications</remarks>
public sealed record PrivateMessageNotification
{
    /// <summary>What happened.</summary>
    public required PrivateMessageEvent Event { get; init; }

    /// <summary>EID of the message; <see langword="null"/> when the whole conversation was read.</summary>
    public string? Message { get; init; }

    /// <summary>Type of a new message.</summary>
    public string? MessageType { get; init; }

    /// <summary>EID of the conversation.</summary>
    public required string Conversation { get; init; }

    /// <summary>EID of the user who wrote a new message.</summary>
    public string? Author { get; init; }

    /// <summary>EID of the network.</summary>
    public required string Network { get; init; }

    /// <summary>How many conversations are unread now.</summary>
    public required int NumUnreadConversations { get; init; }
}
