using Channels.AspNetCore.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Channels.AspNetCore.Pusher.Api;

/// <summary>One path of the API: the checks that come before what it does.</summary>
/// <param name="services">The front end.</param>
/// <param name="method">The one method that it serves.</param>
/// <param name="handler">What it does.</param>
internal sealed class PusherRoute(PusherServices services, string method, PusherHandler handler)
{
    public Task InvokeAsync(HttpContext http) => services.Boundary.RunAsync(http, ServeAsync);

    private async Task ServeAsync(HttpContext http) => await (await AnswerAsync(http)).WriteAsync(http);

    private async ValueTask<JsonAnswer> AnswerAsync(HttpContext http)
    {
        if (!HttpMethods.Equals(http.Request.Method, method))
        {
            return PusherErrors.MethodNotAllowed(method);
        }

        if (services.Apps.FindById(http.GetRouteValue("app") as string) is not { } app)
        {
            return PusherErrors.UnknownApp;
        }

        if (services.Signature.CheckParameters(http.Request, app) is { } refusal)
        {
            return refusal;
        }

        // Nothing is parsed before the signature over these very bytes was found right.
        var body = await BodyReader.ReadAsync(http.Request, services.Options.MaxRequestBytes, http.RequestAborted);
        if (body is null)
        {
            return PusherErrors.BodyTooLarge(services.Options.MaxRequestBytes);
        }

        if (PusherSignature.CheckSignature(http.Request, app, body) is { } unsigned)
        {
            return unsigned;
        }

        return app.Options.Disabled
            ? PusherErrors.Disabled
            : await handler(new(http, app, app.ActAsServer(services.Channels), body));
    }
}
