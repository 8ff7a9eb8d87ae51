namespace Channels;

/// <summary>How a connection joins an address.</summary>
public sealed record JoinOptions
{
    /// <summary>Who joins; <see langword="null"/> for the connection's own caller. Its permissions count, and the presence ends when it is revoked.</summary>
    public ChannelCaller? Caller { get; init; }

    /// <summary>The member is not added where so many others are; the engine's own limit holds too. Default: no limit of its own.</summary>
    public int MaxMembers { get; init; } = int.MaxValue;

    /// <summary>Whether the changes of other members are delivered. Default <see langword="true"/>.</summary>
    public bool Watches { get; init; } = true;
}
