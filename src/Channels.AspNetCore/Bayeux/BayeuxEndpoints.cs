using Channels.AspNetCore.Connections;
using Channels.AspNetCore.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Channels.AspNetCore.Bayeux;

/// <summary>The route of the protocol and the order of its checks. Source: docs/protocols/bayeux.md#paths</summary>
internal sealed class BayeuxEndpoints(BayeuxServices services)
{
    private const string Callback = "jsonp";
    private const string Message = "message";

    /// <summary>Adds the route; clients append the type of a message to it, which means nothing.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        var pipeline = routes.CreateApplicationBuilder();
        pipeline.UseSharedWebSockets(new()
        {
            KeepAliveInterval = services.Options.KeepAliveInterval,
            KeepAliveTimeout = services.Options.KeepAliveTimeout,
        });
        pipeline.Run(InvokeAsync);
        routes.Map("v2/channel/subscribe/{type?}", pipeline.Build()).DisableRequestTimeout();
    }

    private static BayeuxHold? Refuse(HttpContext http, int status)
    {
        http.Response.StatusCode = status;
        return null;
    }

    private static Task RefuseAsync(HttpContext http, int status)
    {
        Refuse(http, status);
        return Task.CompletedTask;
    }

    /// <summary>Ends a request. Nothing of how it was read and checked is kept while its connect is held.</summary>
    private static async Task AnswerAsync(ValueTask<BayeuxHold?> serving)
    {
        if (await serving is { } held)
        {
            await held.RunAsync();
        }
    }

    private Task InvokeAsync(HttpContext http) => services.Boundary.RunAsync(http, ServeAsync);

    private Task ServeAsync(HttpContext http)
    {
        var isAllowed = services.Cors.Apply(http);
        if (CorsRules.IsPreflight(http.Request))
        {
            return PreflightAsync(http, isAllowed);
        }

        if (http.WebSockets.IsWebSocketRequest)
        {
            return isAllowed || services.Origins.Trusts(http.Request) ? SocketAsync(http) : RefuseAsync(http, StatusCodes.Status403Forbidden);
        }

        return http.Request.Method switch
        {
            "POST" => AnswerAsync(PostAsync(http)),
            "GET" when services.Options.AllowJsonp => AnswerAsync(ScriptAsync(http)),
            _ => RefuseAsync(http, StatusCodes.Status400BadRequest),
        };
    }

    private Task PreflightAsync(HttpContext http, bool isAllowed)
    {
        if (isAllowed)
        {
            services.Cors.ApplyPreflight(http.Response);
        }

        return RefuseAsync(http, StatusCodes.Status204NoContent);
    }

    private async Task SocketAsync(HttpContext http)
    {
        using var socket = await http.WebSockets.AcceptWebSocketAsync();
        await new BayeuxSocket(services, http, socket).RunAsync();
    }

    private async ValueTask<BayeuxHold?> PostAsync(HttpContext http)
    {
        var body = await BodyReader.ReadAsync(http.Request, services.Options.MaxRequestBytes, http.RequestAborted);
        if (body is null)
        {
            return Refuse(http, StatusCodes.Status413PayloadTooLarge);
        }

        var kind = MediaTypes.Classify(http.Request.ContentType);
        var messages = kind == MediaKind.Form ? services.Reader.ReadForm(body) : services.Reader.Read(body);

        // Forms and plain text are what a foreign page can send without asking first.
        return await ServeAsync(http, messages, callback: null, allowsAmbientIdentity: kind == MediaKind.Json);
    }

    private ValueTask<BayeuxHold?> ScriptAsync(HttpContext http)
    {
        var callback = http.Request.Query.Last(Callback);
        return JsonpWriter.IsCallback(callback)
            ? ServeAsync(http, services.Reader.ReadAll(http.Request.Query[Message]), callback, allowsAmbientIdentity: false)
            : new(Refuse(http, StatusCodes.Status400BadRequest));
    }

    private ValueTask<BayeuxHold?> ServeAsync(HttpContext http, IReadOnlyList<BayeuxMessage>? messages, string? callback, bool allowsAmbientIdentity) =>
        messages is null
            ? new(Refuse(http, StatusCodes.Status400BadRequest))
            : new BayeuxPolling(services, http, new(services, http, callback)).ServeAsync(messages, allowsAmbientIdentity);
}
