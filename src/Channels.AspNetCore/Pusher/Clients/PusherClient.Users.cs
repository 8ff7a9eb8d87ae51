using Channels.AspNetCore.Http;

namespace Channels.AspNetCore.Pusher.Clients;

/// <summary>Sign-in and watchlist. Source: docs/protocols/pusher.md#users</summary>
internal sealed partial class PusherClient
{
    private static readonly byte[][] SignInFields = ["auth"u8.ToArray(), "user_data"u8.ToArray()];

    private ChannelCaller _caller;
    private PusherUser? _user;

    private async ValueTask SignInAsync(BodyFields data)
    {
        _ = PusherFrame.TryGetString(data, "auth"u8, out var authorization);
        if (!PusherFrame.TryGetString(data, "user_data"u8, out var userData) || !App.Authorizes(authorization, $"{SocketId}::user::{userData}"))
        {
            Refuse(4009, "Connection not authorized: the signature of the sign-in is not valid");
            return;
        }

        var user = PusherMember.ReadUser(userData, App.Limits);
        if (user is null)
        {
            Refuse(4009, "Connection not authorized: user_data must name an id, and be no larger than permitted");
        }
        else if (_user is { } known && known.Id != user.Id)
        {
            Refuse(4009, "Connection not authorized: it is signed in as another user");
        }
        else
        {
            await EnterAsync(user, userData);
        }
    }

    private async ValueTask EnterAsync(PusherUser user, string userData)
    {
        var isNew = _user is null;
        _user = user;
        _isAuthorized = true;
        if (!isNew)
        {
            Send(PusherWriter.SignInSucceeded(userData));
            return;
        }

        _caller = ChannelCaller.User(user.Id) with { FrontEnd = PusherApp.FrontEnd, Instance = App.Instance };
        _connection.Identify(_caller);

        // What the watchlist delivers from now on comes behind the answer.
        using var hold = await Session.HoldAsync();
        Send(PusherWriter.SignInSucceeded(userData));
        if (App.Options.Watchlist)
        {
            await WatchAsync(user);
        }
    }

    /// <summary>Being online is being a member of one's own channel; watching is watching its members.</summary>
    private async ValueTask WatchAsync(PusherUser user)
    {
        var own = App.Address(PusherChannel.OfUser(user.Id).Name);
        await _connection.JoinAsync(own, new(user.Id), new() { Caller = Granted(own), Watches = false }, _connection.Ended);
        var limit = App.Limits.MaxWatchlist;
        var online = new List<string>();
        var offline = new List<string>();
        foreach (var id in user.Watchlist.Distinct(StringComparer.Ordinal).Take(limit))
        {
            var address = App.Address(PusherChannel.OfUser(id).Name);
            if (address.IsValid && await _connection.WatchMembersAsync(address, Granted(address), _connection.Ended) is { Snapshot: { } members })
            {
                (members.Count > 0 ? online : offline).Add(id);
            }
        }

        if (online.Count + offline.Count > 0)
        {
            Send(PusherWriter.WatchlistEvents(online, offline));
        }

        if (user.Watchlist.Count > limit)
        {
            Refuse(4302, $"The watchlist exceeds the allowed maximum ({limit} users); the first {limit} are watched");
        }
    }

    private ChannelCaller Granted(in ChannelAddress address) => _caller with { Grants = [new(address, ChannelOperations.Presence)] };

    /// <summary>A user who comes back soon was never away.</summary>
    private void LeaveWatchlist()
    {
        if (_user is { } user && App.Options.Watchlist)
        {
            _connection.Leave(App.Address(PusherChannel.OfUser(user.Id).Name), _services.Options.OfflineDelay);
        }
    }
}
