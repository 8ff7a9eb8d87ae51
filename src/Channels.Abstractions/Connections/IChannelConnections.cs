namespace Channels;

/// <summary>Opens connections: what a front end uses to deliver messages to one client.</summary>
public interface IChannelConnections
{
    /// <summary>How many connections are open.</summary>
    int Count { get; }

    /// <summary>Opens a connection.</summary>
    /// <param name="options">Who it is for and how it is served.</param>
    /// <returns>The connection, or <see langword="null"/> when the limit is reached or the host is shutting down.</returns>
    IChannelConnection? TryOpen(ConnectionOptions options);
}
