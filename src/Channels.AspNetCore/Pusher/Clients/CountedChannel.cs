using Channels.AspNetCore.Connections;

namespace Channels.AspNetCore.Pusher.Clients;

/// <summary>
/// A channel whose subscribers are told how many they are, those of other front ends included: after every change, or every few seconds where they are many.
/// </summary>
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
    private readonly HashSet<PusherClient> _newcomers = [];
    private int? _lastCount;
    private Deadline? _quiet;
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
            _newcomers.Add(client);
        }

        Change();
        return true;
    }

    /// <summary>Tells a client nothing more.</summary>
    public void Leave(PusherClient client)
    {
        lock (_gate)
        {
            _clients.Remove(client);
            _newcomers.Remove(client);
        }
    }

    /// <summary>Tells that somebody left.</summary>
    /// <returns>Whether nobody is left to be told, so that the channel is to be forgotten.</returns>
    public bool TellLeft()
    {
        bool isForgotten;
        lock (_gate)
        {
            isForgotten = _isForgotten |= _clients.Count == 0;
        }

        Change();
        return isForgotten;
    }

    /// <summary>Tells the count, if it is another one or somebody does not know it yet.</summary>
    public void Change()
    {
        lock (_gate)
        {
            _hasChanged = true;
        }

        Tell();
    }

    void IDeadlineListener.OnDue(Deadline deadline)
    {
        lock (_gate)
        {
            _quiet = _quiet == deadline ? null : _quiet;
        }

        Tell();
    }

    private void Tell()
    {
        lock (_gate)
        {
            if (_isTelling || !_hasChanged)
            {
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
            while (TryTakeChange())
            {
                var count = (await services.Channels.Presence.CountAsync(address)).Subscriptions;
                if (!TryTakeClients(count, out var clients, out var isNew))
                {
                    return;
                }

                if (isNew)
                {
                    services.Webhooks.TellCount(app, name, count);
                }

                var frames = new PusherFrames(PusherWriter.SubscriptionCount(name, count));
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

    private bool TryTakeChange()
    {
        lock (_gate)
        {
            _isTelling = _hasChanged;
            _hasChanged = false;
            return _isTelling;
        }
    }

    /// <summary>Takes those who are to be told a count: everybody if it is another one, and otherwise those who have just come.</summary>
    /// <returns>Whether it may be told now; if not, it is looked at again in time.</returns>
    private bool TryTakeClients(int count, out PusherClient[] clients, out bool isNew)
    {
        lock (_gate)
        {
            isNew = count != _lastCount;
            clients = [.. isNew ? _clients : _newcomers];
            if (!isNew && clients.Length == 0)
            {
                return true;
            }

            if (count > Many && _quiet is not null)
            {
                _isTelling = false;
                _hasChanged = true;
                return false;
            }

            var deadlines = services.Sessions.Deadlines;
            deadlines.Cancel(_quiet);
            _quiet = deadlines.Schedule(BetweenMany, this);
            _newcomers.Clear();
            _lastCount = count;
            return true;
        }
    }
}
