using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Channels.AspNetCore.Connections;

/// <summary>Puts an <see cref="UpgradedStream"/> under the WebSockets of a pipeline, over HTTP/1.1 and HTTP/2 alike.</summary>
internal static class UpgradeInterception
{
    /// <summary>Accepts WebSockets whose stream can be written beside them. Stands before anything else of the pipeline.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="options">How they are kept alive.</param>
    /// <param name="direct">Leave to write straight to sockets; <see langword="null"/> to write through the server always.</param>
    public static IApplicationBuilder UseSharedWebSockets(
        this IApplicationBuilder pipeline, WebSocketOptions options, DirectWrites? direct = null) =>
        pipeline.Use(next => Intercept(next, direct)).UseWebSockets(options);

    /// <summary>The stream under the WebSocket that was accepted; none on a server that brings WebSockets of its own.</summary>
    public static UpgradedStream? UpgradedStream(this HttpContext http) =>
        (http.Features.Get<IHttpUpgradeFeature>() as Interception ?? http.Features.Get<IHttpExtendedConnectFeature>() as Interception)?.Stream;

    private static RequestDelegate Intercept(RequestDelegate next, DirectWrites? direct) => http =>
    {
        var upgrade = http.Features.Get<IHttpUpgradeFeature>();
        var connect = http.Features.Get<IHttpExtendedConnectFeature>();
        if (upgrade?.IsUpgradableRequest == true || connect?.IsExtendedConnect == true)
        {
            var interception = new Interception(http, upgrade, connect, direct);
            if (upgrade is not null)
            {
                http.Features.Set<IHttpUpgradeFeature>(interception);
            }

            if (connect is not null)
            {
                http.Features.Set<IHttpExtendedConnectFeature>(interception);
            }
        }

        return next(http);
    };

    private sealed class Interception(HttpContext http, IHttpUpgradeFeature? upgrade, IHttpExtendedConnectFeature? connect, DirectWrites? direct)
        : IHttpUpgradeFeature, IHttpExtendedConnectFeature
    {
        public UpgradedStream? Stream { get; private set; }

        public bool IsUpgradableRequest => upgrade?.IsUpgradableRequest == true;

        public bool IsExtendedConnect => connect?.IsExtendedConnect == true;

        public string? Protocol => connect?.Protocol;

        public async Task<Stream> UpgradeAsync()
        {
            var way = direct?.TryPrepare(http);
            return Stream = new(await upgrade!.UpgradeAsync(), way);
        }

        public async ValueTask<Stream> AcceptAsync()
        {
            var way = direct?.TryPrepare(http);
            return Stream = new(await connect!.AcceptAsync(), way);
        }
    }
}
