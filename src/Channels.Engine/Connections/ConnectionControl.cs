namespace Channels.Engine;

/// <summary>Looks at connections and ends them, whatever front end they came through.</summary>
internal sealed class ConnectionControl(ChannelsEngine engine) : IChannelConnections
{
    public int Count => engine.Registry.Count;

    public IChannelConnection? TryOpen(ConnectionOptions options) => engine.TryOpen(options);

    public ConnectionPage List(ConnectionQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfNegative(query.Limit, nameof(query));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.Limit, ConnectionQuery.MaxLimit, nameof(query));
        var after = 0L;
        if (query.AfterId is { } id && !engine.Registry.TryReadNumber(id, out after))
        {
            return new([], HasMore: false);
        }

        var found = engine.Registry.Select(query, after, query.Limit + 1);
        return new([.. found.Take(query.Limit).Select(connection => connection.Describe())], found.Count > query.Limit);
    }

    public int CountOf(ConnectionQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        return engine.Registry.CountOf(query);
    }

    public ConnectionInfo? Find(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return engine.Registry.Find(id)?.Describe();
    }

    public ValueTask<bool> DisconnectAsync(string id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        if (engine.Registry.Find(id) is not { } connection)
        {
            return new(false);
        }

        connection.Close(ConnectionEnd.Revoked);
        return new(true);
    }

    public ValueTask<int> UnsubscribeAsync(ConnectionQuery whose, ChannelAddress address, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(whose);
        var ended = engine.Registry.Select(whose, after: 0, int.MaxValue).Count(connection => connection.EndOn(address));
        return new(ended);
    }

    public ValueTask<int> RevokeUserAsync(string instance, string userId, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(instance);
        ArgumentException.ThrowIfNullOrEmpty(userId);
        var ended = 0;
        foreach (var connection in engine.Registry.Select(new() { UserId = userId }, after: 0, int.MaxValue))
        {
            // Who has not named an instance yet may still come to this one.
            if (connection.InstanceName is not { } used || string.Equals(used, instance, StringComparison.Ordinal))
            {
                connection.Close(ConnectionEnd.Revoked);
                ended++;
            }
        }

        // Only then what else is the user's, so that clients who are gone are not told of each subscription before.
        engine.Find(instance)?.Log.Revoke(caller => string.Equals(caller.UserId, userId, StringComparison.Ordinal));
        return new(ended);
    }
}
