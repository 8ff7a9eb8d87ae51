namespace Channels;

/// <summary>Something that happened in an instance; immutable.</summary>
/// <param name="Kind">What happened; exactly one kind.</param>
/// <param name="Instance">Where it happened. Overload concerns all instances and is told of the default one.</param>
/// <param name="At">When, UTC.</param>
public sealed record ChannelEvent(ChannelEventKinds Kind, string Instance, DateTimeOffset At)
{
    /// <summary>The address, where one is concerned.</summary>
    public ChannelAddress? Address { get; init; }

    /// <summary>The message; only with <see cref="ChannelEventKinds.Published"/>.</summary>
    public ChannelMessage? Message { get; init; }

    /// <summary>The member; only with <see cref="ChannelEventKinds.MemberAdded"/> and <see cref="ChannelEventKinds.MemberRemoved"/>.</summary>
    public PresenceMember? Member { get; init; }

    /// <summary>The connection; with <see cref="ChannelEventKinds.ConnectionOpened"/> and <see cref="ChannelEventKinds.ConnectionClosed"/>.</summary>
    public ConnectionInfo? Connection { get; init; }

    /// <summary>Why it ended; only with <see cref="ChannelEventKinds.ConnectionClosed"/>.</summary>
    public ConnectionEnd End { get; init; }

    /// <summary>The channel as it is now; with <see cref="ChannelEventKinds.ChannelCreated"/> and <see cref="ChannelEventKinds.ChannelUpdated"/>.</summary>
    public ChannelDescriptor? Channel { get; init; }
}
