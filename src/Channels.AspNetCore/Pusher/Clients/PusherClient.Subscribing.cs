using Channels.AspNetCore.Connections;
using Channels.AspNetCore.Http;

namespace Channels.AspNetCore.Pusher.Clients;

/// <summary>Subscriptions. Source: docs/protocols/pusher.md#subscribe</summary>
internal sealed partial class PusherClient
{
    private static readonly byte[][] SubscribeFields = ["channel"u8.ToArray(), "auth"u8.ToArray(), "channel_data"u8.ToArray()];

    /// <summary>Spells a delivery, and forgets a subscription that ended by itself; called by the session's one reader.</summary>
    public Frame Encode(in Delivery delivery)
    {
        if (delivery.Kind == DeliveryKind.Message)
        {
            return _form.Deliveries.Encode(delivery);
        }

        if (delivery.Kind == DeliveryKind.SubscriptionEnded
            && _subscriptions.TryRemove(PusherAddresses.NameOf(delivery.Address), out var ended))
        {
            Forget(ended);
        }

        // All members at once are for this client alone.
        return delivery.Presence is { Kind: PresenceChangeKind.Reset, Snapshot: { } members } && !PusherChannel.IsOfUser(delivery.Address)
            ? _form.Frame(PusherWriter.PresenceSucceeded(PusherAddresses.NameOf(delivery.Address), members))
            : _form.Deliveries.Encode(delivery);
    }

    private async ValueTask SubscribeAsync(BodyFields data)
    {
        if (data.Problem != BodyProblem.None || !PusherFrame.TryGetString(data, "channel"u8, out var name))
        {
            Refuse(null, "Invalid subscribe: data must be an object with a channel");
            return;
        }

        if (!App.TryParse(name, out var channel))
        {
            Send(PusherWriter.SubscriptionError(name, PusherErrors.InvalidChannel));
        }
        else if (_subscriptions.ContainsKey(name))
        {
            Refuse(null, $"Existing subscription to channel {name}");
        }
        else if (await TrySubscribeAsync(channel, data) is { } refusal)
        {
            Send(PusherWriter.SubscriptionError(name, refusal));
        }
    }

    /// <returns>Why not, if not.</returns>
    private async ValueTask<PusherRefusal?> TrySubscribeAsync(PusherChannel channel, BodyFields data)
    {
        if (Authorize(channel, data, out var member) is { } refusal)
        {
            return refusal;
        }

        var address = await _services.Addresses.ResolveAsync(App, channel.Name, _connection.Ended);
        var caller = channel.Kind == PusherChannelKind.Public ? _caller : _caller with { Grants = [new(address, OperationsOn(channel))] };
        var subscription = new PusherSubscription(channel, address, caller, member?.Id);

        // What the channel delivers from now on comes behind the answer.
        using var hold = await Session.HoldAsync();
        return await AttachAsync(subscription, member);
    }

    private async ValueTask<PusherRefusal?> AttachAsync(PusherSubscription subscription, PresenceMember? member)
    {
        var (channel, address, caller, _) = subscription;
        var from = channel.IsCached ? SubscribeFrom.Last(1) : SubscribeFrom.Now;
        var (access, _) = await _connection.SubscribeAsync(caller, address, from, _connection.Ended);
        if (PusherErrors.From(access) is { } refusal)
        {
            return refusal;
        }

        PresenceSnapshot? members = null;
        if (member is not null)
        {
            var options = new JoinOptions { Caller = caller, MaxMembers = App.Limits.MaxPresenceMembers };
            (access, members) = await _connection.JoinAsync(address, member, options, _connection.Ended);
            if (access != AccessStatus.Allowed)
            {
                _connection.Unsubscribe(address);
                return access == AccessStatus.LimitReached ? PusherErrors.TooManyMembers : PusherErrors.From(access);
            }
        }

        _subscriptions[channel.Name] = subscription;
        _isAuthorized |= channel.NeedsSignature;
        Send(members is null ? PusherWriter.SubscriptionSucceeded(channel.Name) : PusherWriter.PresenceSucceeded(channel.Name, members));
        if (channel.IsCached)
        {
            await TellCacheMissAsync(subscription);
        }

        _services.Counting.Enter(this, subscription);
        return null;
    }

    /// <summary>Decides by what the application's server signed.</summary>
    private PusherRefusal? Authorize(PusherChannel channel, BodyFields data, out PresenceMember? member)
    {
        member = null;
        if (channel.Kind == PusherChannelKind.Public)
        {
            return null;
        }

        if (channel.Kind == PusherChannelKind.User)
        {
            return _user?.Id == channel.UserId ? null : PusherErrors.NotSignedIn;
        }

        _ = PusherFrame.TryGetString(data, "auth"u8, out var authorization);
        if (channel.Kind != PusherChannelKind.Presence)
        {
            return App.Authorizes(authorization, $"{SocketId}:{channel.Name}") ? null : PusherErrors.NotAuthorized;
        }

        if (PusherFrame.TryGetString(data, "channel_data"u8, out var channelData))
        {
            member = PusherMember.Read(channelData, App.Limits);
            return !App.Authorizes(authorization, $"{SocketId}:{channel.Name}:{channelData}") ? PusherErrors.NotAuthorized
                : member is null ? PusherErrors.InvalidMember
                : null;
        }

        // A signed-in user needs no name of its own on each channel.
        member = _user?.Member;
        return member is not null && App.Authorizes(authorization, $"{SocketId}:{channel.Name}") ? null : PusherErrors.NotAuthorized;
    }

    private ChannelOperations OperationsOn(PusherChannel channel) =>
        App.Options.ClientEvents && channel.NeedsSignature ? ChannelOperations.All : ChannelOperations.Read;

    private async ValueTask TellCacheMissAsync(PusherSubscription subscription)
    {
        // The subscription stands already: what is stored later comes as a message.
        var cached = await _services.Cache.FindAsync(subscription.Address, _connection.Ended);
        if (cached.Message is null)
        {
            Send(PusherWriter.CacheMiss(subscription.Channel.Name));
            _services.Events.Report(new(ChannelEventKinds.CacheMiss, App.Instance, _services.Time.GetUtcNow()) { Address = subscription.Address });
        }
    }

    private void Unsubscribe(BodyFields data)
    {
        if (data.Problem != BodyProblem.None || !PusherFrame.TryGetString(data, "channel"u8, out var name))
        {
            Refuse(null, "Invalid unsubscribe: data must be an object with a channel");
        }
        else if (_subscriptions.TryRemove(name, out var subscription))
        {
            End(subscription);
        }
        else
        {
            Refuse(null, $"No current subscription to channel {name}, or subscription in progress");
        }
    }

    private void End(PusherSubscription subscription)
    {
        // The engine tells others of the change at once: this client must not be among them any more.
        _services.Counting.Leave(this, subscription);
        _connection.Unsubscribe(subscription.Address);
        Forget(subscription);
    }

    /// <summary>Takes the client away from what a subscription was besides receiving.</summary>
    private void Forget(PusherSubscription subscription)
    {
        if (subscription.MemberId is not null)
        {
            _connection.Leave(subscription.Address);
        }

        _services.Counting.Leave(this, subscription);
        _services.Counting.TellLeft(subscription);
    }
}
