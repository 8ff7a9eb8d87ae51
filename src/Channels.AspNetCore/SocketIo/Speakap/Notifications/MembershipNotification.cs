namespace Channels.AspNetCore.SocketIo.Speakap;

/// <summary>A change of a membership.</summary>
/// <remarks>Source: docs/protocols/socketio.md#notifications</remarks>
public sealed record MembershipNotification
{
    /// <summary>What happened.</summary>
    public required MembershipEvent Event { get; init; }

    /// <summary>EID of the membership.</summary>
    public required string Membership { get; init; }

    /// <summary>What it is about; always a group in the channels of groups.</summary>
    public MembershipKind Rev { get; init; }

    /// <summary>EID of the group, if it is about one.</summary>
    public string? Group { get; init; }

    /// <summary>The new role; <see langword="null"/> when the membership was deleted.</summary>
    public string? Role { get; init; }

    /// <summary>The old role; <see langword="null"/> when the membership was created.</summary>
    public string? OldRole { get; init; }
}
