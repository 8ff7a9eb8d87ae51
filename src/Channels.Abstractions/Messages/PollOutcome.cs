namespace Channels;

/// <summary>How a poll ended.</summary>
public enum PollOutcome
{
    /// <summary>With a message.</summary>
    Message,

    /// <summary>The window closed without a message.</summary>
    WindowClosed,

    /// <summary>It was refused, or a permission change refused it while it waited; see <see cref="PollResult.Access"/>.</summary>
    Refused,

    /// <summary>The channel was deleted while it waited.</summary>
    ChannelDeleted,

    /// <summary>The host is shutting down.</summary>
    Draining,
}
