namespace Channels.AspNetCore.Connections;

/// <summary>
/// Ties a connection to its transport: it closes when the client leaves, when it has nothing left to deliver or when its time is over,
/// and once it has ended a pending write gets a grace period to finish.
/// </summary>
internal sealed class ConnectionLifetime : IDisposable
{
    private readonly IChannelConnection _connection;
    private readonly CancellationTokenSource _stop;
    private readonly CancellationTokenRegistration _ended;
    private readonly CancellationTokenRegistration _left;
    private readonly ITimer? _limit;
    private int _subscriptions;

    /// <param name="connection">The connection.</param>
    /// <param name="settings">Time limits.</param>
    /// <param name="subscriptions">How many subscriptions it starts with.</param>
    /// <param name="clientLeft">Cancelled when the client is gone.</param>
    public ConnectionLifetime(IChannelConnection connection, TransportSettings settings, int subscriptions, CancellationToken clientLeft)
    {
        _connection = connection;
        _subscriptions = subscriptions;
        _stop = new(Timeout.InfiniteTimeSpan, settings.Time);
        _ended = connection.Ended.UnsafeRegister(_ => StopAfter(settings.CloseTimeout), null);
        _left = clientLeft.UnsafeRegister(_ => connection.Close(ConnectionEnd.Closed), null);
        _limit = settings.MaxDuration is { } limit
            ? settings.Time.CreateTimer(_ => connection.Close(ConnectionEnd.Closed), null, limit, Timeout.InfiniteTimeSpan)
            : null;
    }

    /// <summary>Cancelled when pending writes have to be abandoned.</summary>
    public CancellationToken Stop => _stop.Token;

    /// <summary>Takes note of a delivery about to be sent.</summary>
    public void Note(in Delivery delivery)
    {
        if (delivery.Kind == DeliveryKind.SubscriptionEnded)
        {
            _subscriptions--;
        }
    }

    /// <summary>Closes the connection if every subscription of it has ended.</summary>
    public void CloseWhenEmpty()
    {
        if (_subscriptions <= 0)
        {
            _connection.Close(ConnectionEnd.Closed);
        }
    }

    public void Dispose()
    {
        _ended.Dispose();
        _left.Dispose();
        _limit?.Dispose();
        _stop.Dispose();
    }

    private void StopAfter(TimeSpan grace)
    {
        try
        {
            _stop.CancelAfter(grace);
        }
        catch (ObjectDisposedException)
        {
            // The transport was finished already.
        }
    }
}
