using System.Text;
using System.Text.Json;
using Channels.AspNetCore.Connections;
using Channels.AspNetCore.Http;
using Channels.AspNetCore.Pusher.Clients;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Channels.AspNetCore.Pusher;

/// <summary>
/// Clients without a WebSocket: they receive by a streamed response or by polls, and send by requests of their own.
/// Source: docs/protocols/pusher.md#http-fallbacks
/// </summary>
internal sealed class PusherFallback
{
    private const int SessionIdLength = 8;
    private const int MaxPollBytes = 64 * 1024;

    // As much of one response as clients read, in characters.
    private const int MaxClientChars = 256 * 1024;

    private static readonly WebSocketClosure StillOpen = new((System.Net.WebSockets.WebSocketCloseStatus)2010, "Another connection still open");

    private readonly PusherServices _services;
    private readonly SessionStreamSettings _stream;

    public PusherFallback(PusherServices services)
    {
        _services = services;
        _stream = new()
        {
            ContentType = "application/javascript; charset=UTF-8",
            MaxBytes = services.Options.MaxStreamBytes,
            ChangesAfterChars = MaxClientChars,
            Heartbeat = services.FallbackHeartbeat,
            HeartbeatFrame = FallbackFrames.Heartbeat,
        };
    }

    /// <summary>A response that stays open and carries events as they come.</summary>
    public Task StreamAsync(HttpContext http) => ServeAsync(http, ReceiveStreamAsync);

    /// <summary>A response that carries what is due, or what comes next.</summary>
    public Task PollAsync(HttpContext http) => ServeAsync(http, ReceivePollAsync);

    /// <summary>A list of messages of the client.</summary>
    public Task SendAsync(HttpContext http) => ServeAsync(http, TakeAsync);

    private Task ServeAsync(HttpContext http, Func<HttpContext, Task> serve) => _services.Boundary.RunAsync(http, async context =>
    {
        var allowed = _services.Cors.Apply(context);
        if (HttpMethods.IsOptions(context.Request.Method))
        {
            if (allowed && CorsRules.IsPreflight(context.Request))
            {
                _services.Cors.ApplyPreflight(context.Response);
            }

            context.Response.StatusCode = StatusCodes.Status204NoContent;
        }
        else if (!HttpMethods.IsPost(context.Request.Method))
        {
            await PusherErrors.MethodNotAllowed("POST, OPTIONS").WriteAsync(context);
        }
        else
        {
            await serve(context);
        }
    });

    private async Task ReceiveStreamAsync(HttpContext http)
    {
        if (await FindOrOpenAsync(http) is not var (session, client, isNew))
        {
            return;
        }

        using var attachment = session.TryAttach(takeOver: false);
        if (attachment is null)
        {
            await AnswerAsync(http, FallbackFrames.Close(session.End == SessionEnd.None ? StillOpen : client.Closure).Content);
            return;
        }

        ReadOnlyMemory<byte> opening = isNew ? (byte[])[.. FallbackFrames.Prelude.Span, .. FallbackFrames.Open.Span] : FallbackFrames.Prelude;
        await new SessionStreamLink(http, attachment, _stream)
            .RunAsync(opening, signal => signal == SessionSignal.Ended ? FallbackFrames.Close(client.Closure) : default);
    }

    private async Task ReceivePollAsync(HttpContext http)
    {
        if (await FindOrOpenAsync(http) is not var (session, client, isNew))
        {
            return;
        }

        if (isNew)
        {
            await AnswerAsync(http, FallbackFrames.Open);
            return;
        }

        using var attachment = session.TryAttach(takeOver: false);
        if (attachment is null)
        {
            await AnswerAsync(http, FallbackFrames.Close(session.End == SessionEnd.None ? StillOpen : client.Closure).Content);
            return;
        }

        await attachment.AnswerAsync(
            _services.Options.FallbackHeartbeat, MaxPollBytes, (signal, batch, stop) => WriteAsync(http, client, signal, batch, stop), http.RequestAborted);
    }

    private async Task TakeAsync(HttpContext http)
    {
        var body = await BodyReader.ReadAsync(http.Request, _services.Options.MaxClientMessageBytes, http.RequestAborted);
        if (body is null)
        {
            await PusherErrors.BodyTooLarge(_services.Options.MaxClientMessageBytes).WriteAsync(http);
            return;
        }

        if (_services.Sessions.Find(IdOf(http))?.State is not PusherClient { HasStarted: true } client)
        {
            await PusherErrors.UnknownPath.WriteAsync(http);
            return;
        }

        if (ReadMessages(body, _services.Options.MaxMessagesPerSend) is not { } messages)
        {
            await PusherErrors.Invalid("The body must be a JSON array of strings, no more than permitted").WriteAsync(http);
            return;
        }

        // An empty list is a sign of life.
        client.Hear();
        foreach (var message in messages)
        {
            await client.HandleAsync(message);
        }

        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    /// <summary>
    /// Finds the client, or welcomes a new one. One that was closed between two receive requests is told why: it would take a new session for a lost
    /// connection and come back.
    /// </summary>
    private async ValueTask<(Session Session, PusherClient Client, bool IsNew)?> FindOrOpenAsync(HttpContext http)
    {
        if (IdOf(http) is not { } id)
        {
            await PusherErrors.UnknownPath.WriteAsync(http);
            return null;
        }

        if (_services.Sessions.Find(id) is { State: PusherClient { HasStarted: true } living } known)
        {
            return (known, living, false);
        }

        if (_services.Sessions.FindFarewell(id) is WebSocketClosure farewell)
        {
            await AnswerAsync(http, FallbackFrames.Close(farewell).Content);
            return null;
        }

        var key = (string)http.GetRouteValue("key")!;
        var app = _services.Apps.FindByKey(key);
        Session? session = null;
        PusherClient? client = null;
        var refusal = PusherAdmission.Check(http.Request, key, app)
            ?? _services.TryOpen(app!, _services.Fallback, PusherProtocols.Http, id, out client, out session);
        if (refusal is { } closure)
        {
            await AnswerAsync(http, (byte[])[.. FallbackFrames.Open.Span, .. FallbackFrames.Close(closure).Content.Span]);
            return null;
        }

        return (session!, client!, true);
    }

    private static async ValueTask WriteAsync(HttpContext http, PusherClient client, SessionSignal signal, SessionBatch batch, CancellationToken stop)
    {
        StreamedResponse.Prepare(http, "application/javascript; charset=UTF-8");
        var output = http.Response.BodyWriter;
        for (var i = 0; i < batch.Frames.Length; i++)
        {
            await output.WriteAsync(batch.Frames.Span[i].Content, stop);
        }

        if (signal == SessionSignal.Ended)
        {
            await output.WriteAsync(FallbackFrames.Close(client.Closure).Content, stop);
        }
        else if (batch.Frames.IsEmpty)
        {
            await output.WriteAsync(FallbackFrames.Heartbeat.Content, stop);
        }
    }

    private static async ValueTask AnswerAsync(HttpContext http, ReadOnlyMemory<byte> body)
    {
        StreamedResponse.Prepare(http, "application/javascript; charset=UTF-8");
        await http.Response.BodyWriter.WriteAsync(body, http.RequestAborted);
    }

    /// <summary>The client's own name for its session, for its key only.</summary>
    private static string? IdOf(HttpContext http) =>
        http.GetRouteValue("key") is string { Length: <= 100 } key
        && http.GetRouteValue("server") is string { Length: > 0 and <= 3 } server
        && http.GetRouteValue("session") is string { Length: SessionIdLength } session
            ? $"{key}/{server}/{session}"
            : null;

    private static List<ReadOnlyMemory<byte>>? ReadMessages(byte[] body, int limit)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            var messages = new List<ReadOnlyMemory<byte>>();
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
            {
                return null;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.String)
            {
                messages.Add(Encoding.UTF8.GetBytes(reader.GetString()!));
            }

            return reader.TokenType == JsonTokenType.EndArray && !reader.Read() && messages.Count <= limit ? messages : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
