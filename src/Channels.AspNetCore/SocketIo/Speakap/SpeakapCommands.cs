using Channels.AspNetCore.Connections;
using Channels.AspNetCore.SocketIo.Packets;
using Microsoft.Extensions.Logging;

namespace Channels.AspNetCore.SocketIo.Speakap;

/// <summary>The subscriptions of one socket and the commands that change them, which come one at a time. Source: docs/protocols/socketio.md#commands</summary>
internal sealed partial class SpeakapCommands : IDeadlineListener
{
    private readonly SocketIoSocket _socket;
    private readonly SpeakapServices _services;
    private readonly IDeliveryForm _form;
    private readonly Dictionary<string, Subscription> _subscriptions = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private Deadline? _check;
    private bool _isOver;

    public SpeakapCommands(SocketIoSocket socket, SpeakapServices services)
    {
        _socket = socket;
        _services = services;
        _form = services.Forms.Of(socket.Revision);
        socket.DeliverBy(_form);
    }

    /// <summary>Handles a command.</summary>
    /// <returns>Whether the event is a command.</returns>
    public async ValueTask<bool> TryHandleAsync(SocketIoEventPacket packet, CancellationToken cancellationToken)
    {
        if (!IsCommand(packet))
        {
            return false;
        }

        if (SpeakapReader.Read(packet.Arguments, _services.Options.MaxCommandBytes) is not { } command)
        {
            Answer(packet, [], [(null, SpeakapError.BadRequest)]);
        }
        else if (packet.Name == "subscribe")
        {
            await SubscribeAsync(packet, command, cancellationToken);
        }
        else
        {
            Unsubscribe(packet, command);
        }

        return true;
    }

    /// <summary>Refuses a command as a whole.</summary>
    /// <returns>Whether the event is a command.</returns>
    public bool TryRefuse(SocketIoEventPacket packet, SpeakapError error)
    {
        if (!IsCommand(packet))
        {
            return false;
        }

        Answer(packet, [], [(null, error)]);
        return true;
    }

    /// <summary>Makes the frame of a delivery. A subscription that the server ends is told as a refusal.</summary>
    public Frame Encode(in Delivery delivery)
    {
        if (delivery.Kind == DeliveryKind.SubscriptionEnded)
        {
            End(SpeakapForms.NameOf(delivery.Address), delivery.Reason);
            return default;
        }

        return _form.Encode(delivery);
    }

    /// <summary>Drops every subscription.</summary>
    public void OnDisconnected()
    {
        _socket.DeliverBy(null);
        List<ChannelAddress> addresses;
        lock (_gate)
        {
            _isOver = true;
            addresses = [.. _subscriptions.Values.Select(subscription => subscription.Address)];
            _subscriptions.Clear();
            _socket.Deadlines.Cancel(_check);
        }

        foreach (var address in addresses)
        {
            _socket.Connection.Unsubscribe(address);
        }
    }

    void IDeadlineListener.OnDue(Deadline deadline) => _ = _socket.PostAsync(CheckAsync).AsTask();

    private static bool IsCommand(SocketIoEventPacket packet) => packet.Name is "subscribe" or "unsubscribe";

    private async ValueTask SubscribeAsync(SocketIoEventPacket packet, SpeakapCommand command, CancellationToken cancellationToken)
    {
        var (refusal, caller) = await AuthenticateAsync(command.AccessToken, cancellationToken);
        var subscribed = new List<string>();
        var errors = new List<(string? Channel, SpeakapError Error)>();
        foreach (var channel in command.Channels)
        {
            if ((refusal ?? await SubscribeAsync(caller!, channel, command.AccessToken, cancellationToken)) is { } error)
            {
                errors.Add((channel, error));
            }
            else
            {
                subscribed.Add(channel);
            }
        }

        Answer(packet, subscribed, errors);
    }

    /// <summary>A client without a token is who its host's own authentication says, if that says anything.</summary>
    private async ValueTask<(SpeakapError? Refusal, ChannelCaller? Caller)> AuthenticateAsync(string? token, CancellationToken cancellationToken)
    {
        if (token is null)
        {
            var own = _socket.Connection.Caller;
            return own.Kind == CallerKind.Anonymous ? (SpeakapError.MissingToken, null) : (null, own);
        }

        var credentials = new ChannelCredentials { FrontEnd = SocketIoServices.FrontEnd, Instance = _services.Instance, Token = token };
        var (status, caller) = await _services.Authenticator.AuthenticateAsync(credentials, cancellationToken);

        // A subscription outlives its token; see SpeakapOptions.TokenCheckInterval.
        return SpeakapErrors.From(status) is { } refusal ? (refusal, null) : (null, caller with { ExpiresAt = null });
    }

    private async ValueTask<SpeakapError?> SubscribeAsync(ChannelCaller caller, string channel, string? token, CancellationToken cancellationToken)
    {
        if (Check(channel) is { } refusal)
        {
            return refusal;
        }

        try
        {
            var address = await ResolveAsync(caller, channel, cancellationToken);
            var (access, _) = await _socket.Connection.SubscribeAsync(caller, address, SubscribeFrom.Now, cancellationToken);
            return SpeakapErrors.From(access) ?? Add(channel, new(address, _services.Options.TokenCheckInterval is null ? null : token));
        }
        catch (ChannelStoreException exception)
        {
            TransportLog.StoreFailed(_services.Logger, exception);
            return SpeakapError.Unavailable;
        }
    }

    private SpeakapError? Check(string channel)
    {
        if (channel.Length > ChannelAddress.MaxNameLength * 2 || SocketIoPacketReader.IsReserved(channel))
        {
            return SpeakapError.BadRequest;
        }

        if (SpeakapFamilies.Claims(channel) && !SpeakapFamilies.TryParse(channel, out _, out _))
        {
            return SpeakapError.UnknownChannel;
        }

        lock (_gate)
        {
            return _subscriptions.Count >= _services.Options.MaxChannels && !_subscriptions.ContainsKey(channel) ? SpeakapError.TooManyChannels : null;
        }
    }

    /// <summary>What follows the first dot is a room, if nothing has the whole name.</summary>
    private async ValueTask<ChannelAddress> ResolveAsync(ChannelCaller caller, string channel, CancellationToken cancellationToken)
    {
        var whole = new ChannelAddress(channel, null, _services.Instance);
        var dot = channel.IndexOf('.', StringComparison.Ordinal);
        if (dot <= 0 || dot == channel.Length - 1)
        {
            return whole;
        }

        var access = await _services.Channels.As(caller).CheckAccessAsync(whole, ChannelOperations.Subscribe, cancellationToken);
        return access is AccessStatus.NotFound or AccessStatus.InvalidAddress ? new(channel[..dot], channel[(dot + 1)..], _services.Instance) : whole;
    }

    private SpeakapError? Add(string channel, Subscription subscription)
    {
        Subscription? dropped;
        bool isOver;
        lock (_gate)
        {
            isOver = _isOver;
            dropped = isOver ? subscription : _subscriptions.GetValueOrDefault(channel);
            if (!isOver)
            {
                _subscriptions[channel] = subscription;
                if (_services.Options.TokenCheckInterval is { } interval)
                {
                    _check ??= _socket.Deadlines.Schedule(interval, this);
                }
            }
        }

        // The name of a room may have become that of a channel since it was asked for last.
        if (dropped is not null && (isOver || dropped.Address != subscription.Address))
        {
            _socket.Connection.Unsubscribe(dropped.Address);
        }

        return isOver ? SpeakapError.Unavailable : null;
    }

    private void Unsubscribe(SocketIoEventPacket packet, SpeakapCommand command)
    {
        foreach (var channel in command.Channels)
        {
            Remove(channel);
        }

        Answer(packet, command.Channels, []);
    }

    private bool Remove(string channel)
    {
        Subscription? subscription;
        lock (_gate)
        {
            _subscriptions.Remove(channel, out subscription);
        }

        return subscription is not null && _socket.Connection.Unsubscribe(subscription.Address);
    }

    private void End(string channel, AccessStatus reason)
    {
        bool had;
        lock (_gate)
        {
            had = _subscriptions.Remove(channel);
        }

        if (had)
        {
            Refuse(channel, SpeakapErrors.From(reason) ?? SpeakapError.Unavailable);
        }
    }

    /// <summary>Looks at every token and permission again; what is no longer good ends.</summary>
    private async ValueTask CheckAsync(CancellationToken cancellationToken)
    {
        KeyValuePair<string, Subscription>[] subscriptions;
        lock (_gate)
        {
            subscriptions = [.. _subscriptions];
        }

        try
        {
            foreach (var (channel, (address, token)) in subscriptions)
            {
                var (refusal, caller) = await AuthenticateAsync(token, cancellationToken);
                refusal ??= SpeakapErrors.From(
                    await _services.Channels.As(caller!).CheckAccessAsync(address, ChannelOperations.Subscribe, cancellationToken));
                if (refusal is { } error && Remove(channel))
                {
                    Refuse(channel, error);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The client is gone.
        }
#pragma warning disable CA1031 // the boundary of a tick, behind which the application's authenticator may stand
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.CheckFailed(_services.Logger, exception);
        }

        lock (_gate)
        {
            _check = _isOver || _subscriptions.Count == 0 ? null : _socket.Deadlines.Schedule(_services.Options.TokenCheckInterval!.Value, this);
        }
    }

    private void Answer(SocketIoEventPacket packet, IReadOnlyList<string> channels, IReadOnlyList<(string? Channel, SpeakapError Error)> errors)
    {
        if (packet.AckId is { } id)
        {
            _socket.Acknowledge(id, SpeakapWriter.Answer(channels, errors));
            return;
        }

        foreach (var (channel, error) in errors)
        {
            Refuse(channel, error);
        }
    }

    private void Refuse(string? channel, SpeakapError error) => _socket.Emit("subscribe_error", SpeakapWriter.Error(channel, error));

    private static partial class Log
    {
        [LoggerMessage(2, LogLevel.Warning, "The tokens of a connection could not be checked; trying again at the next time.", EventName = "TokenCheckFailed")]
        public static partial void CheckFailed(ILogger logger, Exception exception);
    }

    /// <param name="Address">What is received.</param>
    /// <param name="Token">Token that it was asked for with; kept only to be checked again.</param>
    private sealed record Subscription(ChannelAddress Address, string? Token);
}
