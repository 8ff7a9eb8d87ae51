namespace Channels.AspNetCore.Connections;

/// <summary>
/// Ties a connection to its transport: it closes when the client leaves, when it has nothing left to deliver or when its time is over,
/// and once it has ended a pending write gets a grace period to finish. While nothing is pending, nobody waits for the end here.
/// </summary>
internal sealed class ConnectionLifetime : IDisposable
{
    private readonly IChannelConnection _connection;
    private readonly TransportSettings _settings;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenRegistration _left;
    private readonly ITimer? _limit;
    private CancellationTokenRegistration _ended;
    private ITimer? _grace;
    private int _subscriptions;
    private bool _limitsWrites;

    /// <param name="connection">The connection.</param>
    /// <param name="settings">Time limits.</param>
    /// <param name="subscriptions">How many subscriptions it starts with.</param>
    /// <param name="clientLeft">Cancelled when the client is gone; none where whoever reads notices.</param>
    public ConnectionLifetime(IChannelConnection connection, TransportSettings settings, int subscriptions, CancellationToken clientLeft)
    {
        _connection = connection;
        _settings = settings;
        _subscriptions = subscriptions;
        _left = clientLeft.UnsafeRegister(static self => ((ConnectionLifetime)self!).Close(), this);
        _limit = settings.MaxDuration is { } limit
            ? settings.Time.CreateTimer(static self => ((ConnectionLifetime)self!).Close(), this, limit, Timeout.InfiniteTimeSpan)
            : null;
    }

    /// <summary>Cancelled when pending writes have to be abandoned.</summary>
    public CancellationToken Stop => _stop.Token;

    /// <summary>
    /// Begins the grace when the connection ends, or has ended: called before a write is waited for. Called by the one who writes, any number of times.
    /// </summary>
    public void LimitWrites()
    {
        if (!_limitsWrites)
        {
            _limitsWrites = true;
            _ended = _connection.Ended.UnsafeRegister(static self => ((ConnectionLifetime)self!).BeginGrace(), this);
        }
    }

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
            Close();
        }
    }

    public void Dispose()
    {
        // In this order: once the registration is gone, the grace has begun or never will.
        _ended.Dispose();
        _left.Dispose();
        _limit?.Dispose();
        _grace?.Dispose();
        _stop.Dispose();
    }

    private void Close() => _connection.Close(ConnectionEnd.Closed);

    /// <summary>Most connections never get here, so that none has a timer before.</summary>
    private void BeginGrace() => _grace = _settings.Time.CreateTimer(
        static self => ((ConnectionLifetime)self!).StopNow(), this, _settings.CloseTimeout, Timeout.InfiniteTimeSpan);

    private void StopNow()
    {
        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The transport was finished already.
        }
    }
}
