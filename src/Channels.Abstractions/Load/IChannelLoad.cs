namespace Channels;

/// <summary>How much the engine of this node has to do. A thread-safe singleton; changes are events.</summary>
public interface IChannelLoad
{
    /// <summary>
    /// Whether there is more to do than it manages: from <c>ChannelsOptions.OverloadEnter</c> on, until the level has fallen below <c>OverloadLeave</c>.
    /// </summary>
    bool IsOverloaded { get; }

    /// <summary>
    /// The highest of: bytes waiting to be stored, time since the oldest of them waits or the log is ahead of the dispatcher, and open connections, each as
    /// a part of what is permitted. 0 is idle, 1 the limit. Looked at once in <c>ChannelsOptions.PositionCheckInterval</c>.
    /// </summary>
    double Level { get; }
}
