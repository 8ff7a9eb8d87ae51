using Channels.AspNetCore.Connections;

namespace Channels.AspNetCore.Pusher.Clients;

/// <summary>A channel whose subscribers are told how many they are: after every change, or every few seconds where they are many.</summary>
/// <param name="services">The front end.</param>
/// <param name="app">The app.</param>
/// <param name="name">Name of the channel.</param>
/// <param name="address">What it stands for.</param>
internal sealed class CountedChannel(PusherServices services, PusherApp app, string name, ChannelAddress address) : IDeadlineListener
{
    private const int Many = 100;

    private static readonly TimeSpan BetweenMany = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly HashSet<PusherClient> _clients = [];
    private long? _lastTold;
    private bool _isWaiting;
    private bool _isTelling;
    private bool _hasChanged;
    private bool _isForgotten;

    /// <returns>Whether the channel is still in use.</returns>
    public bool TryEnter(PusherClient client)
    {
        lock (_gate)
        {
            if (_isForgotten)
            {
                return false;
            }

            _clients.Add(client);
        }

        Change();
        return true;
    }

    /// <returns>Whether nobody is left, so that the channel is to be forgotten.</returns>
    public bool LeaveLast(PusherClient client)
    {
        lock (_gate)
        {
            _clients.Remove(client);
            if (_clients.Count == 0)
            {
                _isForgotten = true;
            }
        }

        Change();
        return _isForgotten;
    }

    void IDeadlineListener.OnDue(Deadline deadline)
    {
        lock (_gate)
        {
            _isWaiting = false;
            if (_isTelling)
            {
                return;
            }

            _isTelling = true;
        }

        _ = TellAsync();
    }

    /// <summary>How long the next count has to wait.</summary>
    private TimeSpan Wait_NeedsLock =>
        _clients.Count > Many && _lastTold is { } last ? BetweenMany - services.Time.GetElapsedTime(last) : TimeSpan.Zero;

    private void Change()
    {
        lock (_gate)
        {
            _hasChanged = true;
            if (_isWaiting || _isTelling)
            {
                return;
            }

            if (Wait_NeedsLock is { Ticks: > 0 } wait)
            {
                _isWaiting = true;
                services.Sessions.Deadlines.Schedule(wait, this);
                return;
            }

            _isTelling = true;
        }

        _ = TellAsync();
    }

    /// <summary>One at a time, so that a count never comes after a newer one.</summary>
    private async Task TellAsync()
    {
        try
        {
            while (TryTakeChange(out var clients))
            {
                var count = await services.Channels.Presence.CountAsync(address);
                services.Webhooks.TellCount(app, name, count.Subscriptions);
                var frames = new PusherFrames(PusherWriter.SubscriptionCount(name, count.Subscriptions));
                foreach (var client in clients)
                {
                    client.Send(frames);
                }
            }
        }
        catch (ChannelStoreException exception)
        {
            TransportLog.StoreFailed(services.Logger, exception);
            lock (_gate)
            {
                _isTelling = false;
            }
        }
    }

    private bool TryTakeChange(out PusherClient[] clients)
    {
        lock (_gate)
        {
            clients = [.. _clients];
            var wait = Wait_NeedsLock;
            _isTelling = _hasChanged && wait <= TimeSpan.Zero;
            if (!_isTelling)
            {
                if (_hasChanged && !_isWaiting)
                {
                    _isWaiting = true;
                    services.Sessions.Deadlines.Schedule(wait, this);
                }

                return false;
            }

            _hasChanged = false;
            _lastTold = services.Time.GetTimestamp();
            return true;
        }
    }
}
