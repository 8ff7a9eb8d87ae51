using Channels.AspNetCore.Connections;

namespace Channels.AspNetCore.Pusher.Webhooks;

/// <summary>
/// The webhooks of one app. That a channel is vacated or a member gone is told only after a while: whoever is back by then was never away, and
/// neither is told.
/// </summary>
internal sealed class PusherWebhookApp : IDeadlineListener, IAsyncDisposable
{
    private readonly PusherWebhookSettings _settings;
    private readonly Deadlines _deadlines;
    private readonly Lock _gate = new();
    private readonly Dictionary<PusherWebhookEvent, Deadline> _leaving = [];
    private readonly Dictionary<Deadline, PusherWebhookEvent> _due = [];
    private volatile PusherWebhookReceiver[] _receivers;
    private volatile PusherApp _app;

    public PusherWebhookApp(PusherApp app, PusherWebhookSettings settings, Deadlines deadlines)
    {
        _app = app;
        _settings = settings;
        _deadlines = deadlines;
        _receivers = [.. app.Options.Webhooks.Select(webhook => new PusherWebhookReceiver(app, webhook, settings))];
    }

    /// <summary>The app as it is now.</summary>
    public PusherApp App => _app;

    /// <summary>Goes on for another state of the app: receivers that it still has keep what waits for them.</summary>
    /// <returns>The receivers that it has no more, to be ended.</returns>
    public IReadOnlyList<PusherWebhookReceiver> Continue(PusherApp app)
    {
        var before = _receivers.ToList();
        var receivers = new List<PusherWebhookReceiver>();
        foreach (var webhook in app.Options.Webhooks)
        {
            var index = before.FindIndex(receiver => receiver.TryContinue(app, webhook));
            receivers.Add(index < 0 ? new(app, webhook, _settings) : before[index]);
            if (index >= 0)
            {
                before.RemoveAt(index);
            }
        }

        _app = app;
        _receivers = [.. receivers];
        return before;
    }

    public bool Wants(string name) => Array.Exists(_receivers, receiver => receiver.Wants(name));

    public void Handle(ChannelEvent occurred)
    {
        if (occurred.Instance != App.Instance || occurred.Address is not { } address
            || !App.TryParse(PusherAddresses.NameOf(address), out var channel) || channel.Kind == PusherChannelKind.User)
        {
            return;
        }

        switch (occurred.Kind)
        {
            case ChannelEventKinds.Occupied:
                Come(new(PusherWebhookEvents.ChannelOccupied, channel.Name), new(PusherWebhookEvents.ChannelVacated, channel.Name));
                break;
            case ChannelEventKinds.Vacated:
                Go(new(PusherWebhookEvents.ChannelVacated, channel.Name));
                break;
            case ChannelEventKinds.MemberAdded:
                Come(
                    new(PusherWebhookEvents.MemberAdded, channel.Name) { UserId = occurred.Member!.Id },
                    new(PusherWebhookEvents.MemberRemoved, channel.Name) { UserId = occurred.Member.Id });
                break;
            case ChannelEventKinds.MemberRemoved:
                Go(new(PusherWebhookEvents.MemberRemoved, channel.Name) { UserId = occurred.Member!.Id });
                break;
            case ChannelEventKinds.CacheMiss:
                Miss(new(PusherWebhookEvents.CacheMiss, channel.Name));
                break;
            case ChannelEventKinds.Published when occurred.Message is { Attributes.FromClient: true, Event: { } name } message && PusherEventNames.IsClientEvent(name):
                var sender = channel.Kind == PusherChannelKind.Presence ? message.Attributes.SenderMember : null;
                Add(new(PusherWebhookEvents.ClientEvent, channel.Name) { Message = message, UserId = sender });
                break;
        }
    }

    public void Add(PusherWebhookEvent one)
    {
        foreach (var receiver in _receivers)
        {
            receiver.Add(one);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var receiver in _receivers)
        {
            await receiver.DisposeAsync();
        }
    }

    void IDeadlineListener.OnDue(Deadline deadline)
    {
        lock (_gate)
        {
            if (!_due.Remove(deadline, out var leaving))
            {
                return;
            }

            _leaving.Remove(leaving);
            if (leaving.Name != PusherWebhookEvents.CacheMiss)
            {
                Add(leaving);
            }
        }
    }

    /// <summary>Tells that somebody came, unless the same one has just gone.</summary>
    private void Come(PusherWebhookEvent came, PusherWebhookEvent gone)
    {
        lock (_gate)
        {
            if (_leaving.Remove(gone, out var deadline))
            {
                _due.Remove(deadline);
                _deadlines.Cancel(deadline);
            }
            else
            {
                Add(came);
            }
        }
    }

    private void Go(PusherWebhookEvent gone)
    {
        lock (_gate)
        {
            if (!TryWait_NeedsLock(gone))
            {
                Add(gone);
            }
        }
    }

    /// <summary>Tells once that nothing is cached, however many find out at the same time.</summary>
    private void Miss(PusherWebhookEvent miss)
    {
        lock (_gate)
        {
            if (!_leaving.ContainsKey(miss))
            {
                TryWait_NeedsLock(miss);
                Add(miss);
            }
        }
    }

    private bool TryWait_NeedsLock(PusherWebhookEvent one)
    {
        if (_settings.Options.LeaveDelay <= TimeSpan.Zero || _leaving.Count >= _settings.Options.MaxQueuedEvents)
        {
            return false;
        }

        var deadline = _deadlines.Schedule(_settings.Options.LeaveDelay, this);
        if (_leaving.Remove(one, out var before))
        {
            _due.Remove(before);
            _deadlines.Cancel(before);
        }

        _leaving[one] = deadline;
        _due[deadline] = one;
        return true;
    }
}
