using System.Diagnostics;
using Channels.AspNetCore.Connections;
using Channels.AspNetCore.Http;

namespace Channels.AspNetCore.Syncano;

/// <summary>The poll address: long poll, WebSocket and event stream.</summary>
internal sealed class SyncanoPolls
{
    private static readonly HashSet<string> SocketTransport = new(StringComparer.OrdinalIgnoreCase) { "websocket" };

    private readonly SyncanoServices _services;
    private readonly WireForm _bodies = new(EncodeBody);
    private readonly WireForm _frames;
    private readonly WireForm _events;

    public SyncanoPolls(SyncanoServices services)
    {
        _services = services;
        _frames = new(EncodeFrame, Framing.WebSocketText);
        _events = new(EncodeEvent);
    }

    public async ValueTask<JsonAnswer?> PollAsync(SyncanoCall call)
    {
        if (await call.EnterAsync() is { } refusal)
        {
            return refusal;
        }

        var isSocket = call.Query.Last("transport") is { } transport && SocketTransport.Contains(transport);
        var isStream = !isSocket && RequestedTransport.IsEventStream(call.Http.Request);
        var errors = new FieldErrors();
        var request = SyncanoReader.ReadPoll(call.Http.Request, isStream, errors);
        if (errors.Any)
        {
            return await CheckAsync(call) ?? errors.ToAnswer();
        }

        if (isSocket)
        {
            return await ServeSocketAsync(call, request);
        }

        return isStream ? await ServeEventsAsync(call, request) : Wait(call, request);
    }

    private JsonAnswer? Wait(SyncanoCall call, PollRequest request)
    {
        var address = call.Address(request.Room);
        var waiting = call.Channels.PollAsync(address, request.After, window: null, call.Aborted);
        call.Lasting = new SyncanoWait(_services, _bodies, address, waiting);
        return null;
    }

    private async ValueTask<JsonAnswer?> ServeSocketAsync(SyncanoCall call, PollRequest request)
    {
        if (!call.Http.WebSockets.IsWebSocketRequest)
        {
            return await CheckAsync(call, request.Room) ?? SyncanoErrors.SocketExpected;
        }

        var (refusal, connection, _) = await OpenAsync(call, request, "syncano-websocket");
        if (refusal is null)
        {
            var settings = _services.Streams with { MaxDuration = _services.Options.PollSocketDuration };
            call.Lasting = new SyncanoStream(connection!, settings, subscriptions: 1, _frames, opening: default, isSocket: true);
        }

        return refusal;
    }

    private async ValueTask<JsonAnswer?> ServeEventsAsync(SyncanoCall call, PollRequest request)
    {
        var (refusal, connection, position) = await OpenAsync(call, request, "syncano-sse");
        if (refusal is not null)
        {
            return _services.IsDraining ? await _services.ComeBackAsync(call.Http) : refusal;
        }

        var opening = EventStreamFormat.Opening(_services.Streams.Retry, position.Value);
        call.Lasting = new SyncanoStream(connection!, _services.Streams, subscriptions: 1, _events, opening, isSocket: false);
        return null;
    }

    /// <summary>Everything is answered as plain HTTP until the subscription exists.</summary>
    private async ValueTask<(JsonAnswer? Refusal, IChannelConnection? Connection, MessageCursor Position)> OpenAsync(
        SyncanoCall call, PollRequest request, string protocol)
    {
        var connection = _services.TryOpen(protocol, call.Caller, call.Instance);
        if (connection is null)
        {
            return (_services.Errors.NoConnection, null, default);
        }

        JsonAnswer? refusal = SyncanoErrors.Broken;
        try
        {
            var address = call.Address(request.Room);
            var (access, position) = await connection.SubscribeAsync(address, request.From, call.Aborted);
            refusal = _services.Errors.From(access, address);
            return (refusal, connection, position);
        }
        finally
        {
            if (refusal is not null)
            {
                await connection.DisposeAsync();
            }
        }
    }

    /// <summary>An unknown channel and missing rights are told before mistakes in the request, and the missing room after them.</summary>
    private async ValueTask<JsonAnswer?> CheckAsync(SyncanoCall call, string? room = null)
    {
        var address = call.Address(room);
        var access = await call.Channels.CheckAccessAsync(address, ChannelOperations.Subscribe, call.Aborted);
        return access == AccessStatus.RoomRequired ? null : _services.Errors.From(access, address);
    }

    private static ReadOnlyMemory<byte> EncodeBody(in Delivery delivery) => SyncanoWriter.Message(delivery.Message!);

    private ReadOnlyMemory<byte> EncodeFrame(in Delivery delivery) => delivery.Kind switch
    {
        DeliveryKind.Message => SyncanoWriter.Message(delivery.Message!),

        // This wire goes on with the oldest message without a word.
        DeliveryKind.Gap => default,
        DeliveryKind.SubscriptionEnded => (_services.Errors.From(delivery.Reason, delivery.Address) ?? SyncanoErrors.NotFound).Body,
        DeliveryKind.Presence => default,
        _ => throw new UnreachableException(),
    };

    private ReadOnlyMemory<byte> EncodeEvent(in Delivery delivery) => delivery.Kind switch
    {
        DeliveryKind.Message => EventStreamFormat.Event(default, delivery.Message!.Id, SyncanoWriter.Message(delivery.Message)),
        DeliveryKind.Gap => EventStreamFormat.Event("gap"u8, delivery.Gap.Oldest.Value, SyncanoWriter.Gap(delivery.Gap)),
        DeliveryKind.SubscriptionEnded => EventStreamFormat.Event(
            "ended"u8, null, (_services.Errors.From(delivery.Reason, delivery.Address) ?? SyncanoErrors.NotFound).Body.Span),
        DeliveryKind.Presence => default,
        _ => throw new UnreachableException(),
    };
}
