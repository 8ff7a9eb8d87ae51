using Channels.AspNetCore.Connections;
using Channels.AspNetCore.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Channels.AspNetCore.SocketIo.EngineIo;

/// <summary>The one address of a server: its checks in their order, and where requests go then. Source: docs/protocols/socketio.md#checks</summary>
internal sealed class EngineIoEndpoint
{
    private readonly EngineIoServer _server;
    private readonly EngineIoPolling _polling;
    private readonly EngineIoSockets _sockets;
    private readonly TrustedOrigins _origins;
    private readonly CorsRules _cors;
    private readonly bool _allowAnyOrigin;
    private readonly ErrorBoundary _boundary;

    public EngineIoEndpoint(EngineIoServer server, TrustedOrigins origins, bool allowAnyOrigin)
    {
        _server = server;
        _polling = new(server);
        _sockets = new(server);
        _origins = origins;
        _allowAnyOrigin = allowAnyOrigin;
        _cors = new(origins, allowAnyOrigin, TimeSpan.FromDays(1), namesAny: true);
        var broken = server.Errors.From(EngineIoError.Broken);
        _boundary = new(server.Logger, broken, broken, (status, _) => new(status));
    }

    /// <summary>Adds the address and everything below it.</summary>
    /// <param name="endpoints">Where to add it.</param>
    /// <param name="path">Path, with or without a slash at its end.</param>
    public IEndpointConventionBuilder Map(IEndpointRouteBuilder endpoints, string path)
    {
        var pipeline = endpoints.CreateApplicationBuilder();

        // The protocol has heartbeats of its own.
        pipeline.UseSharedWebSockets(new() { KeepAliveInterval = TimeSpan.Zero });
        pipeline.Run(InvokeAsync);
        return endpoints.Map($"{path.TrimEnd('/')}/{{*rest}}", pipeline.Build()).DisableRequestTimeout();
    }

    public Task InvokeAsync(HttpContext http) => _boundary.RunAsync(http, ServeAsync);

    private async Task ServeAsync(HttpContext http)
    {
        var request = new EngineIoRequest(http);
        var mayRead = request.HasValidOrigin && _cors.Apply(http);
        if (HttpMethods.IsOptions(http.Request.Method))
        {
            AnswerOptions(http, mayRead);
            return;
        }

        SetHeaders(http);
        var session = request.SessionId is { } id ? _server.Find(id) : null;
        var error = Check(request, session, mayRead);
        if (error is null)
        {
            error = await (session is null ? OpenAsync(request) : ServeAsync(request, session));
        }

        if (error is { } refusal && !http.Response.HasStarted)
        {
            await (request.IsUpgrade
                ? _server.Errors.RefuseUpgradeAsync(http, refusal)
                : _server.Errors.From(refusal, session?.Revision ?? request.Revision ?? EngineIoRevision.V4).WriteAsync(http));
        }
    }

    private EngineIoError? Check(EngineIoRequest request, EngineIoSession? session, bool mayRead)
    {
        if (request.Transport is not { } transport)
        {
            return EngineIoError.UnknownTransport;
        }

        if (!request.HasValidOrigin)
        {
            return EngineIoError.BadRequest;
        }

        if (request.SessionId is not null)
        {
            return session is null ? EngineIoError.UnknownSession : CheckKnown(request, transport, session);
        }

        if (!HttpMethods.IsGet(request.Http.Request.Method) && !request.IsUpgrade)
        {
            return EngineIoError.BadHandshakeMethod;
        }

        if (request.IsUpgrade != (transport == EngineIoTransport.WebSocket) || (request.IsJsonp && !_server.Settings.AllowJsonp))
        {
            return EngineIoError.BadRequest;
        }

        if (!mayRead && !_origins.Trusts(request.Http.Request))
        {
            return EngineIoError.Forbidden;
        }

        return request.Revision is null ? EngineIoError.UnsupportedRevision : null;
    }

    private EngineIoError? CheckKnown(EngineIoRequest request, EngineIoTransport transport, EngineIoSession session)
    {
        // An upgrade may come for a session of any transport; it is closed then without doing anything.
        var fits = request.IsUpgrade ? transport == EngineIoTransport.WebSocket : transport == EngineIoTransport.Polling && session.Transport == transport;
        return fits && request.Revision == session.Revision && (!request.IsJsonp || (_server.Settings.AllowJsonp && session.Revision == EngineIoRevision.V3))
            ? null
            : EngineIoError.BadRequest;
    }

    private async ValueTask<EngineIoError?> OpenAsync(EngineIoRequest request)
    {
        var http = request.Http;
        var (refusal, caller) = await _server.Application.AdmitAsync(http);
        if (refusal is not null)
        {
            return refusal;
        }

        if (_server.TryOpen(request, request.Revision!.Value, caller!) is not { } session)
        {
            return EngineIoError.Unavailable;
        }

        if (request.IsUpgrade)
        {
            await _sockets.ServeAsync(http, session);
            return null;
        }

        return await _polling.PollAsync(request, session);
    }

    private async ValueTask<EngineIoError?> ServeAsync(EngineIoRequest request, EngineIoSession session)
    {
        var http = request.Http;
        if (request.TakesBase64)
        {
            session.NoteBase64();
        }

        if (request.IsUpgrade)
        {
            await _sockets.UpgradeAsync(http, session);
            return null;
        }

        if (HttpMethods.IsGet(http.Request.Method))
        {
            return await _polling.PollAsync(request, session);
        }

        return HttpMethods.IsPost(http.Request.Method) ? await _polling.PostAsync(request, session) : EngineIoError.BadMethod;
    }

    private void AnswerOptions(HttpContext http, bool mayRead)
    {
        if (mayRead)
        {
            _cors.ApplyPreflight(http.Response);
            if (http.Request.Headers.AccessControlRequestHeaders is { Count: > 0 } asked && EngineIoRequest.CanBeHeader(asked))
            {
                // Clients may be told to send headers of the application's own.
                http.Response.Headers.AccessControlAllowHeaders = asked;
            }
        }

        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static void SetHeaders(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        var agent = http.Request.Headers.UserAgent.ToString();
        if (agent.Contains(";MSIE", StringComparison.Ordinal) || agent.Contains("Trident/", StringComparison.Ordinal))
        {
            // These take an answer that repeats part of the request for an attack.
            headers.XXSSProtection = "0";
        }
    }
}
