using Channels.AspNetCore.Connections;
using Channels.AspNetCore.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Channels.AspNetCore.PushStream;

/// <summary>The subscriber routes of this front end, and the checks that come before all transports.</summary>
internal sealed class PushStreamEndpoints(IEndpointRouteBuilder routes, PushStreamServices services)
{
    /// <summary>The only method of subscribers.</summary>
    public const string Methods = "GET";

    public void Map()
    {
        var options = services.Options;
        var streams = new PushStreamStreams(services);
        Map(options.WebSocketPath, streams.ServeSocketAsync);
        Map(options.LongPollPath, new PushStreamPolls(services, waits: true).ServeAsync);
        Map(options.ShortPollPath, new PushStreamPolls(services, waits: false).ServeAsync);
        Map(options.EventSourcePath, streams.ServeEventsAsync);
    }

    private void Map(string path, PushStreamHandler handler)
    {
        if (path.Length == 0)
        {
            return;
        }

        var pipeline = routes.CreateApplicationBuilder();
        pipeline.Use(static next => http =>
        {
            PushStreamStreams.AcceptOldVersion(http);
            return next(http);
        });
        pipeline.UseSharedWebSockets(new() { KeepAliveInterval = services.Options.PingInterval, KeepAliveTimeout = services.Options.PingTimeout });
        pipeline.Run(http => services.Boundary.RunAsync(http, request => ServeAsync(request, handler)));
        routes.Map($"{path}/{{**{PushStreamCall.ChannelsValue}}}", pipeline.Build()).DisableRequestTimeout();
    }

    private async Task ServeAsync(HttpContext http, PushStreamHandler handler)
    {
        services.Cors.Apply(http);
        if (HttpMethods.IsOptions(http.Request.Method))
        {
            http.Response.ContentLength = 0;
            return;
        }

        // A WebSocket over HTTP/2 comes with a method of its own.
        if (!HttpMethods.IsGet(http.Request.Method) && !(HttpMethods.IsConnect(http.Request.Method) && http.WebSockets.IsWebSocketRequest))
        {
            await PushStreamErrors.MethodNotAllowed(Methods).WriteAsync(http);
            return;
        }

        var call = new PushStreamCall(http, services);
        if ((services.IsOverloaded ? services.Errors.Overloaded : await handler(call)) is { } answer)
        {
            await RefuseAsync(call, answer);
        }
    }

    /// <summary>Clients take up the position of every answer, refusals included, and would start anew without one.</summary>
    private static ValueTask RefuseAsync(PushStreamCall call, JsonAnswer answer)
    {
        if (call.Cursor is { } position)
        {
            PushStreamHeaders.SetPosition(call.Http.Response, position);
        }

        return answer.WriteAsync(call.Http);
    }
}
