namespace Channels;

/// <summary>The connections of this node, all front ends together. Front ends open them; the application looks at them and ends them.</summary>
/// <remarks>Acts as the host: whoever lets others use it checks their leave.</remarks>
public interface IChannelConnections
{
    /// <summary>How many connections are open.</summary>
    int Count { get; }

    /// <summary>Opens a connection.</summary>
    /// <param name="options">Who it is for and how it is served.</param>
    /// <returns>The connection, or <see langword="null"/> when the limit is reached or the host is shutting down.</returns>
    IChannelConnection? TryOpen(ConnectionOptions options);

    /// <summary>Lists connections.</summary>
    /// <param name="query">Which ones.</param>
    /// <exception cref="ArgumentOutOfRangeException">The limit is out of range.</exception>
    ConnectionPage List(ConnectionQuery query);

    /// <summary>Counts connections.</summary>
    /// <param name="query">Which ones.</param>
    int CountOf(ConnectionQuery query);

    /// <summary>Finds a connection.</summary>
    /// <param name="id">Its public id.</param>
    ConnectionInfo? Find(string id);

    /// <summary>Ends a connection as <see cref="ConnectionEnd.Revoked"/>; nothing published after the answer reaches it.</summary>
    /// <param name="id">Its public id.</param>
    /// <param name="cancellationToken">Abandons the wait.</param>
    /// <returns>Whether it was open.</returns>
    ValueTask<bool> DisconnectAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>
    /// Ends subscriptions, and presence, of an address: the clients are told that they are forbidden, and nothing published after the answer reaches
    /// them. They may subscribe again where permissions allow it.
    /// </summary>
    /// <param name="whose">Whose subscriptions.</param>
    /// <param name="address">What was subscribed.</param>
    /// <param name="cancellationToken">Abandons the wait.</param>
    /// <returns>How many connections were subscribed or present.</returns>
    ValueTask<int> UnsubscribeAsync(ConnectionQuery whose, ChannelAddress address, CancellationToken cancellationToken = default);

    /// <summary>
    /// Ends everything that a user does in an instance: connections as <see cref="ConnectionEnd.Revoked"/>, waiting polls, subscriptions and presence on
    /// connections of others. Nothing published after the answer reaches it. New connections are the authenticator's matter.
    /// </summary>
    /// <param name="instance">Name of the instance.</param>
    /// <param name="userId">Id of the user.</param>
    /// <param name="cancellationToken">Abandons the wait.</param>
    /// <returns>How many connections were ended.</returns>
    ValueTask<int> RevokeUserAsync(string instance, string userId, CancellationToken cancellationToken = default);
}
