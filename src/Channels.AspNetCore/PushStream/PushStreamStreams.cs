using Channels.AspNetCore.Connections;
using Channels.AspNetCore.Http;
using Microsoft.AspNetCore.Http;

namespace Channels.AspNetCore.PushStream;

/// <summary>WebSockets and event streams. Source: docs/protocols/pushstream.md#websocket and #event-stream</summary>
internal sealed class PushStreamStreams(PushStreamServices services)
{
    private const string OldVersion = "8";
    private const string Version = "13";
    private const string Versions = "8, 13";

    /// <summary>Lets clients of the older version of WebSockets in, whose frames are the same.</summary>
    public static void AcceptOldVersion(HttpContext http)
    {
        if (http.Request.Headers.SecWebSocketVersion == OldVersion)
        {
            http.Request.Headers.SecWebSocketVersion = Version;
        }
    }

    public async ValueTask<JsonAnswer?> ServeSocketAsync(PushStreamCall call)
    {
        var (refusal, targets) = await call.EnterAsync();
        if ((refusal ?? CheckUpgrade(call.Http)) is { } unacceptable)
        {
            return unacceptable;
        }

        if (services.TryOpen("pushstream-websocket", call.Caller) is not { } connection)
        {
            return services.IsDraining ? services.Errors.Draining : services.Errors.Overloaded;
        }

        await using (connection)
        {
            var (refused, subscriptions, position) = await SubscribeAsync(call, connection, targets);
            if (refused is not null)
            {
                return refused;
            }

            // The socket notices when the client leaves.
            using var lifetime = new ConnectionLifetime(connection, services.Streams, subscriptions, CancellationToken.None);
            using var socket = await call.Http.WebSockets.AcceptWebSocketAsync();
            var link = new WebSocketLink(socket, call.Http.UpgradedStream(), connection, lifetime, services.Streams);
            await link.RunAsync(new PushStreamStreamForm(services.Forms.Frames, isEventStream: false, position), default, PushStreamClosures.Of);
            return null;
        }
    }

    public async ValueTask<JsonAnswer?> ServeEventsAsync(PushStreamCall call)
    {
        call.TakeLastEventId();
        var (refusal, targets) = await call.EnterAsync();
        if (refusal is not null)
        {
            return refusal;
        }

        if (services.TryOpen("pushstream-sse", call.Caller) is not { } connection)
        {
            return await UnavailableAsync(call.Http, services.Errors.Overloaded);
        }

        await using (connection)
        {
            var (refused, subscriptions, position) = await SubscribeAsync(call, connection, targets);
            if (refused is not null)
            {
                return await UnavailableAsync(call.Http, refused);
            }

            using var lifetime = new ConnectionLifetime(connection, services.Streams, subscriptions, call.Aborted);
            var link = new EventStreamLink(call.Http, connection, lifetime, services.Streams);
            byte[] opening = [.. ": \n"u8, .. EventStreamFormat.Opening(services.Streams.Retry, PushStreamWriter.EventId(position))];
            await link.RunAsync(new PushStreamStreamForm(services.Forms.Blocks, isEventStream: true, position), opening);
            return null;
        }
    }

    private static JsonAnswer? CheckUpgrade(HttpContext http)
    {
        if (http.WebSockets.IsWebSocketRequest)
        {
            return null;
        }

        var headers = http.Request.Headers;
        if (headers.Upgrade.Count == 0 || headers.SecWebSocketKey.Count == 0 || headers.SecWebSocketVersion.Count == 0
            || headers.SecWebSocketVersion == Version)
        {
            return PushStreamErrors.NoUpgrade;
        }

        http.Response.Headers.SecWebSocketVersion = Versions;
        return PushStreamErrors.BadVersion;
    }

    /// <summary>Attaches every channel that the caller may read, the others are left out.</summary>
    /// <returns>The refusal when nothing was attached; otherwise how many were, and where the client stands.</returns>
    private async ValueTask<(JsonAnswer? Refusal, int Subscriptions, PushStreamCursor Position)> SubscribeAsync(
        PushStreamCall call, IChannelConnection connection, PollTarget[] targets)
    {
        var refusal = AccessStatus.NotFound;
        var subscriptions = 0;
        var position = call.Cursor;
        foreach (var (address, from) in targets)
        {
            var subscribed = await connection.SubscribeAsync(address, from, call.Aborted);
            if (subscribed.Access != AccessStatus.Allowed)
            {
                refusal = subscribed.Access == AccessStatus.NotFound ? refusal : subscribed.Access;
                continue;
            }

            // The first one's: resuming from there misses nothing of any channel.
            position ??= PushStreamCursor.Of(new(subscribed.Position, subscribed.CreatedAt));
            subscriptions++;
        }

        return subscriptions > 0 ? (null, subscriptions, position!.Value) : (services.Errors.From(refusal), 0, default);
    }

    /// <summary>While the host stops, an event stream is told to come back: a browser gives up for good after any other answer.</summary>
    private async ValueTask<JsonAnswer?> UnavailableAsync(HttpContext http, JsonAnswer otherwise)
    {
        if (!services.IsDraining)
        {
            return otherwise;
        }

        await EventStreamLink.ComeBackAsync(http, services.Streams);
        return null;
    }
}
