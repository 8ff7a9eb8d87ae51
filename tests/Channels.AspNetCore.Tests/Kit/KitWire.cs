using System.Net.WebSockets;
using System.Text;
using Channels.AspNetCore.Connections;
using Channels.AspNetCore.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Channels.AspNetCore.Tests.Kit;

/// <summary>A wire that does nothing but show every part of the shared kit.</summary>
internal sealed class KitWire(IChannelConnections connections, Func<IChannels> channels, SessionMetrics metrics, SessionSettings settings)
{
    /// <summary>Content type of streamed responses.</summary>
    public const string StreamType = "application/javascript; charset=UTF-8";

    public static readonly TimeSpan BeatInterval = TimeSpan.FromSeconds(25);

    private readonly WireForm _form = new(Encode, Framing.WebSocketText);
    private readonly SessionStreamSettings _stream = new()
    {
        ContentType = StreamType,
        Heartbeat = new(settings.Time, BeatInterval),
        HeartbeatFrame = WebSocketFraming.Text("h"u8),
    };

    private int _attached;

    public SessionTable Sessions { get; } = new(settings, metrics);

    public WebSocketLimits Limits { get; set; } = new() { MaxMessageBytes = 4096, MaxSmallParts = 16, AcceptsBinary = false };

    /// <summary>How far a session that is opened from now on may lag.</summary>
    public int MaxLagMessages { get; set; } = 100;

    /// <summary>After how many bytes a streamed response ends.</summary>
    public long StreamBytes { get; set; } = 1000;

    /// <summary>How many transports were attached.</summary>
    public int Attached => Volatile.Read(ref _attached);

    /// <summary>Runs before a poll writes its frames.</summary>
    public Func<HttpContext, Task>? BeforeWrite { get; set; }

    public void Map(WebApplication app)
    {
        app.MapPost("/kit/sessions", (RequestDelegate)OpenAsync);
        app.MapGet("/kit/sessions/{id}/poll", (RequestDelegate)PollAsync);
        app.MapGet("/kit/sessions/{id}/stream", (RequestDelegate)StreamAsync);
        app.Map("/kit/sessions/{id}/socket", (RequestDelegate)SocketAsync);
        app.MapPost("/kit/sessions/{id}/send", (RequestDelegate)SendAsync);
        app.Map("/kit/socket", (RequestDelegate)UnboundSocketAsync);
        app.Map("/kit/echo", (RequestDelegate)EchoAsync);
        app.MapPost("/kit/sessions/{id}/ack", (RequestDelegate)AcknowledgeAsync);
        app.MapPost("/kit/publish", (RequestDelegate)PublishAsync);
    }

    private static ReadOnlyMemory<byte> Encode(in Delivery delivery) =>
        delivery.Kind == DeliveryKind.Message ? delivery.Message!.Payload : default;

    private static long Number(HttpContext http, string name) => long.TryParse(http.Request.Query[name], out var number) ? number : 0;

    private static Task AnswerAsync(HttpContext http, int status, string json)
    {
        http.Response.StatusCode = status;
        return http.Response.WriteAsync(json);
    }

    private async Task OpenAsync(HttpContext http)
    {
        var connection = connections.TryOpen(new()
        {
            Protocol = "kit",
            Caller = ChannelCaller.Host,
            SharesWakeUps = true,
            MaxLagMessages = MaxLagMessages,
            MaxLagBytes = 1024 * 1024,
        });
        if (connection is null)
        {
            await AnswerAsync(http, StatusCodes.Status503ServiceUnavailable, "\"NoConnection\"");
            return;
        }

        await connection.SubscribeAsync(new(KitServer.Channel, null, Support.Keys.Instance));
        var id = http.Request.Query["id"].ToString();
        var options = new SessionSetup
        {
            Connection = connection,
            Encode = _form.Encode,
            Acknowledges = http.Request.Query.ContainsKey("ack"),
            Id = id.Length > 0 ? id : null,
        };
        var opening = Sessions.TryOpen(options, out var session);
        if (session is null)
        {
            await connection.DisposeAsync();
            await AnswerAsync(http, StatusCodes.Status503ServiceUnavailable, $"\"{opening}\"");
            return;
        }

        session.Start();
        await AnswerAsync(http, StatusCodes.Status201Created, $$"""{"id":"{{session.Id}}"}""");
    }

    private async Task PollAsync(HttpContext http)
    {
        using var attachment = await AttachAsync(http, takeOver: !http.Request.Query.ContainsKey("polite"));
        if (attachment is null)
        {
            return;
        }

        var window = http.Request.Query.ContainsKey("window") ? TimeSpan.FromMilliseconds(Number(http, "window")) : (TimeSpan?)null;
        await attachment.AnswerAsync(
            window,
            maxBytes: 1024,
            async (signal, batch, stop) =>
            {
                await (BeforeWrite?.Invoke(http) ?? Task.CompletedTask);
                if (signal is SessionSignal.Frames or SessionSignal.WindowClosed || batch.Frames.Length > 0)
                {
                    await WriteAsync(http, batch, stop);
                }
                else
                {
                    await http.Response.WriteAsync($"\"{signal}\"", stop);
                }
            },
            http.RequestAborted);
    }

    /// <summary>Frames as they come, without anything between them.</summary>
    private async Task StreamAsync(HttpContext http)
    {
        using var attachment = await AttachAsync(http, takeOver: true);
        if (attachment is not null)
        {
            await new SessionStreamLink(http, attachment, _stream with { MaxBytes = StreamBytes }).RunAsync("o"u8.ToArray(), Farewell(attachment.Session));
        }
    }

    /// <summary>Answers at once, with what is due to the session.</summary>
    private async Task SendAsync(HttpContext http)
    {
        if (Find(http) is { } session)
        {
            await session.AnswerAsync((batch, stop) => WriteAsync(http, batch, stop), maxBytes: 1024, http.RequestAborted);
        }
    }

    /// <summary>A socket that is bound by what the client says: the id of a session, or anything else, which comes back.</summary>
    private async Task UnboundSocketAsync(HttpContext http)
    {
        using var socket = await http.WebSockets.AcceptWebSocketAsync();
        var peer = new WebSocketPeer(socket, http.UpgradedStream(), Sessions.Deadlines, settings.CloseTimeout);
        var binding = new Binding(Sessions, peer);
        await peer.RunAsync(binding, Limits, binding.ServeAsync);
    }

    /// <summary>A socket without any session: what comes goes back, and "end" closes.</summary>
    private async Task EchoAsync(HttpContext http)
    {
        using var socket = await http.WebSockets.AcceptWebSocketAsync();
        var peer = new WebSocketPeer(socket, http.UpgradedStream(), Sessions.Deadlines, settings.CloseTimeout);
        await peer.RunAsync(new Mirror(peer), Limits);
    }

    private static Func<SessionSignal, Frame> Farewell(Session session) =>
        signal => WebSocketFraming.Text(Encoding.UTF8.GetBytes($"bye:{(signal == SessionSignal.Ended ? $"{session.End}" : $"{signal}")}"));

    private static async ValueTask WriteAsync(HttpContext http, SessionBatch batch, CancellationToken stop)
    {
        var messages = new List<string>(batch.Frames.Length);
        for (var i = 0; i < batch.Frames.Length; i++)
        {
            messages.Add(Encoding.UTF8.GetString(batch.Frames.Span[i].Content.Span));
        }

        var json = $$"""{"batch":{{batch.Number}},"messages":[{{string.Join(',', messages)}}]}""";
        if (http.Request.Query["callback"].ToString() is { Length: > 0 } callback)
        {
            await JsonpWriter.WriteAsync(http, callback, Encoding.UTF8.GetBytes(json));
        }
        else
        {
            await http.Response.WriteAsync(json, stop);
        }
    }

    private async Task SocketAsync(HttpContext http)
    {
        using var attachment = await AttachAsync(http, takeOver: true);
        if (attachment is null)
        {
            return;
        }

        using var socket = await http.WebSockets.AcceptWebSocketAsync();
        var session = Find(http);
        var acknowledges = http.Request.Query.ContainsKey("ack");
        var link = new SessionSocketLink(socket, http.UpgradedStream(), attachment);
        await link.RunAsync(
            new Echo(session!),
            Limits,
            signal => new(WebSocketCloseStatus.NormalClosure, $"{signal}"),
            acknowledges ? batch => WebSocketFraming.Text(Encoding.UTF8.GetBytes($$"""{"batch":{{batch}}}""")) : null,
            http.Request.Query.ContainsKey("bye") ? Farewell(session!) : null);
    }

    private async Task AcknowledgeAsync(HttpContext http)
    {
        var accepted = Find(http)?.Acknowledge(Number(http, "batch")) == true;
        await AnswerAsync(http, accepted ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest, "{}");
    }

    private async Task PublishAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        await channels().PublishAsync(KitServer.Channel, new MessageDraft(await reader.ReadToEndAsync()));
        http.Response.StatusCode = StatusCodes.Status201Created;
    }

    private async Task<SessionAttachment?> AttachAsync(HttpContext http, bool takeOver)
    {
        var session = Find(http);
        if (session is null || (http.Request.Query["callback"].ToString() is { Length: > 0 } callback && !JsonpWriter.IsCallback(callback)))
        {
            await AnswerAsync(http, session is null ? StatusCodes.Status404NotFound : StatusCodes.Status400BadRequest, "{}");
            return null;
        }

        session.Acknowledge(Number(http, "ack"));
        var attachment = session.TryAttach(takeOver);
        if (attachment is null)
        {
            await AnswerAsync(http, StatusCodes.Status409Conflict, "{}");
            return null;
        }

        Interlocked.Increment(ref _attached);
        return attachment;
    }

    private Session? Find(HttpContext http) => Sessions.Find((string?)http.Request.RouteValues["id"]);

    private sealed class Mirror(WebSocketPeer peer) : IWebSocketMessages
    {
        public ValueTask OnMessageAsync(WebSocketMessageType type, ReadOnlyMemory<byte> message)
        {
            if (message.Span.SequenceEqual("end"u8))
            {
                peer.Close(new((WebSocketCloseStatus)4000, "as you wish"));
                return default;
            }

            return peer.SendAsync(WebSocketFraming.Text(message.Span));
        }

        public void OnRefused(WebSocketClosure closure)
        {
        }
    }

    /// <summary>Serves the session that the client names, once it does.</summary>
    private sealed class Binding(SessionTable sessions, WebSocketPeer peer) : IWebSocketMessages
    {
        private readonly TaskCompletionSource<SessionAttachment?> _bound = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async ValueTask OnMessageAsync(WebSocketMessageType type, ReadOnlyMemory<byte> message)
        {
            if (sessions.Find(Encoding.UTF8.GetString(message.Span))?.TryAttach() is { } attachment)
            {
                _bound.TrySetResult(attachment);
            }
            else
            {
                await peer.SendAsync(WebSocketFraming.Text(message.Span));
            }
        }

        public void OnRefused(WebSocketClosure closure)
        {
        }

        public async ValueTask<WebSocketClosure> ServeAsync(CancellationToken left)
        {
            await using var unbound = left.Register(() => _bound.TrySetResult(null));
            using var attachment = await _bound.Task;
            var signal = attachment is null
                ? SessionSignal.ClientLeft
                : await attachment.ServeAsync((batch, stop) => peer.SendAsync(batch.Frames, stop), 1024, left);
            return new(WebSocketCloseStatus.NormalClosure, $"{signal}");
        }
    }

    /// <summary>Sends back what comes.</summary>
    private sealed class Echo(Session session) : IWebSocketMessages
    {
        public ValueTask OnMessageAsync(WebSocketMessageType type, ReadOnlyMemory<byte> message)
        {
            session.Enqueue(WebSocketFraming.Text(message.Span));
            return default;
        }

        public void OnRefused(WebSocketClosure closure)
        {
        }
    }
}
