namespace Channels.AspNetCore.SocketIo.Speakap;

/// <summary>A change of a user's alerts.</summary>
/// <remarks>Source: docs/protocols/socketio.md#notifications</remarks>
public sealed record AlertNotification
{
    /// <summary>What happened.</summary>
    public required AlertEvent Event { get; init; }

    /// <summary>EID of the alert; <see langword="null"/> when all of the category and network were read.</summary>
    public string? Alert { get; init; }

    /// <summary>EID of the network.</summary>
    public required string Network { get; init; }

    /// <summary>Kind of the alert.</summary>
    public required AlertCategory Category { get; init; }

    /// <summary>How many notifications are unread now; with <see cref="AlertCategory.User"/>.</summary>
    public int? NumUnreadAlerts { get; init; }

    /// <summary>How many tasks there are now; with <see cref="AlertCategory.Admin"/>.</summary>
    public int? NumAdminAlerts { get; init; }
}
