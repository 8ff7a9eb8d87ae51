namespace Channels.AspNetCore.Connections;

/// <summary>What one session is.</summary>
internal sealed record SessionSetup
{
    /// <summary>The connection, which the session closes and disposes.</summary>
    public required IChannelConnection Connection { get; init; }

    /// <summary>Encodes its deliveries; normally that of a wire form whose frames are shared.</summary>
    public required FrameEncoder Encode { get; init; }

    /// <summary>Whether frames stay until the client acknowledges their batch.</summary>
    public bool Acknowledges { get; init; }

    /// <summary>Id that the client chose, at most <see cref="SessionTable.MaxIdLength"/> characters; <see langword="null"/> for a fresh secret.</summary>
    public string? Id { get; init; }

    /// <summary>What the front end keeps with the session, if anything.</summary>
    public object? State { get; init; }

    /// <summary>
    /// What a client is told that comes back once the session has ended, for <see cref="SessionSettings.FarewellLifetime"/>; <see langword="null"/>, or an answer of
    /// <see langword="null"/>, for nothing. Asked after the end, perhaps more than once: must be short and always say the same.
    /// </summary>
    public Func<Session, object?>? Farewell { get; init; }

    /// <summary>Told once when the session has ended, on whatever thread that happened: must be short.</summary>
    public Action<Session>? Ended { get; init; }
}
