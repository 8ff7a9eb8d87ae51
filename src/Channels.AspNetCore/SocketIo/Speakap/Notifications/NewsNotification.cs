namespace Channels.AspNetCore.SocketIo.Speakap;

/// <summary>A change of a user's news.</summary>
/// <remarks>Source: docs/protocols/socketio.md#notifications</remarks>
public sealed record NewsNotification
{
    /// <summary>What happened.</summary>
    public required NewsEvent Event { get; init; }

    /// <summary>EID of the item.</summary>
    public required string Message { get; init; }

    /// <summary>EID of the user who wrote a new or published item.</summary>
    public string? Author { get; init; }

    /// <summary>EID of the network.</summary>
    public required string Network { get; init; }

    /// <summary>How many items are unread now.</summary>
    public required int NumUnreadNewsItems { get; init; }
}
