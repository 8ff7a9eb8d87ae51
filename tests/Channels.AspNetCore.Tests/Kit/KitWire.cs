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
    private readonly WireForm _form = new(Encode, Framing.WebSocketText);
    private int _attached;

    public SessionTable Sessions { get; } = new(settings, metrics);

    public WebSocketLimits Limits { get; set; } = new() { MaxMessageBytes = 4096, MaxSmallParts = 16, AcceptsBinary = false };

    /// <summary>How many transports were attached.</summary>
    public int Attached => Volatile.Read(ref _attached);

    /// <summary>Runs before a poll writes its frames.</summary>
    public Func<HttpContext, Task>? BeforeWrite { get; set; }

    public void Map(WebApplication app)
    {
        app.MapPost("/kit/sessions", (RequestDelegate)OpenAsync);
        app.MapGet("/kit/sessions/{id}/poll", (RequestDelegate)PollAsync);
        app.Map("/kit/sessions/{id}/socket", (RequestDelegate)SocketAsync);
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
            MaxLagMessages = 100,
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
        var signal = await attachment.WaitAsync(window, http.RequestAborted);
        if (signal is not (SessionSignal.Frames or SessionSignal.WindowClosed))
        {
            await AnswerAsync(http, StatusCodes.Status200OK, $"\"{signal}\"");
            return;
        }

        await (BeforeWrite?.Invoke(http) ?? Task.CompletedTask);
        var sent = await attachment.SendAsync((batch, stop) => WriteAsync(http, batch, stop), maxBytes: 1024, http.RequestAborted);
        if (sent is SessionSend.Busy or SessionSend.Replaced)
        {
            await AnswerAsync(http, StatusCodes.Status200OK, $"\"{sent}\"");
        }
    }

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
        var link = new SessionSocketLink(socket, http.UpgradedStream(), attachment, settings.Time);
        await link.RunAsync(
            new Echo(session!),
            Limits,
            signal => new(WebSocketCloseStatus.NormalClosure, $"{signal}"),
            acknowledges ? batch => WebSocketFraming.Text(Encoding.UTF8.GetBytes($$"""{"batch":{{batch}}}""")) : null);
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
