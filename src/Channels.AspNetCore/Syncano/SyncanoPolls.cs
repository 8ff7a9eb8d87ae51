using System.Diagnostics;
using Channels.AspNetCore.Connections;
using Channels.AspNetCore.Http;
using Microsoft.AspNetCore.Http;

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

        return isStream ? await ServeEventsAsync(call, request) : await WaitAsync(call, request);
    }

    private async ValueTask<JsonAnswer?> WaitAsync(SyncanoCall call, PollRequest request)
    {
        var address = call.Address(request.Room);
        var result = await call.Channels.PollAsync(address, request.After, window: null, call.Aborted);
        call.Http.Response.Headers.CacheControl = "no-cache";
        return result.Outcome switch
        {
            PollOutcome.Message => Answer(call, result.Message!),
            PollOutcome.WindowClosed => new(StatusCodes.Status204NoContent),
            PollOutcome.Refused => _services.Errors.From(result.Access, address) ?? SyncanoErrors.Forbidden,
            PollOutcome.ChannelDeleted => SyncanoErrors.NotFound,

            // An error rather than an empty answer: after a 204 the JavaScript client forgets its position.
            PollOutcome.Draining => _services.Errors.Draining,
            _ => throw new UnreachableException(),
        };
    }

    private JsonAnswer Answer(SyncanoCall call, ChannelMessage message)
    {
        call.Http.Response.Headers["X-Last-Id"] = message.Cursor.ToString();
        return new(StatusCodes.Status200OK, _bodies.Encode(new(DeliveryKind.Message, message.Address, message)).Bytes);
    }

    private async ValueTask<JsonAnswer?> ServeSocketAsync(SyncanoCall call, PollRequest request)
    {
        if (!call.Http.WebSockets.IsWebSocketRequest)
        {
            return await CheckAsync(call, request.Room) ?? SyncanoErrors.SocketExpected;
        }

        var (refusal, connection, _) = await OpenAsync(call, request, "syncano-websocket");
        if (refusal is not null)
        {
            return refusal;
        }

        await using (connection)
        {
            var settings = _services.Streams with { MaxDuration = _services.Options.PollSocketDuration };
            using var lifetime = new ConnectionLifetime(connection!, settings, subscriptions: 1, call.Aborted);
            using var socket = await call.Http.WebSockets.AcceptWebSocketAsync();
            var link = new WebSocketLink(socket, call.Http.UpgradedStream(), connection!, lifetime, settings);
            await link.RunAsync(_frames, default, SyncanoClosures.Of);
            return null;
        }
    }

    private async ValueTask<JsonAnswer?> ServeEventsAsync(SyncanoCall call, PollRequest request)
    {
        var (refusal, connection, position) = await OpenAsync(call, request, "syncano-sse");
        if (refusal is not null)
        {
            return _services.IsDraining ? await _services.ComeBackAsync(call.Http) : refusal;
        }

        await using (connection)
        {
            using var lifetime = new ConnectionLifetime(connection!, _services.Streams, subscriptions: 1, call.Aborted);
            var link = new EventStreamLink(call.Http, connection!, lifetime, _services.Streams);
            await link.RunAsync(_events, EventStreamFormat.Opening(_services.Streams.Retry, position.Value));
            return null;
        }
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
