using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Channels.AspNetCore.Connections;

/// <summary>Puts an <see cref="UpgradedStream"/> under the WebSockets of a pipeline, over HTTP/1.1 and HTTP/2 alike.</summary>
internal static class UpgradeInterception
{
    /// <summary>Accepts WebSockets whose stream can be written beside them. Stands before anything else of the pipeline.</summary>
    public static IApplicationBuilder UseSharedWebSockets(this IApplicationBuilder pipeline, WebSocketOptions options) =>
        pipeline.Use(Intercept).UseWebSockets(options);

    /// <summary>The stream under the WebSocket that was accepted; none on a server that brings WebSockets of its own.</summary>
    public static UpgradedStream? UpgradedStream(this HttpContext http) => http.Features.Get<Interception>()?.Stream;

    private static RequestDelegate Intercept(RequestDelegate next) => http =>
    {
        var upgrade = http.Features.Get<IHttpUpgradeFeature>();
        var connect = http.Features.Get<IHttpExtendedConnectFeature>();
        if (upgrade?.IsUpgradableRequest == true || connect?.IsExtendedConnect == true)
        {
            var interception = new Interception(upgrade, connect);
            http.Features.Set(interception);
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

    private sealed class Interception(IHttpUpgradeFeature? upgrade, IHttpExtendedConnectFeature? connect)
        : IHttpUpgradeFeature, IHttpExtendedConnectFeature
    {
        public UpgradedStream? Stream { get; private set; }

        public bool IsUpgradableRequest => upgrade?.IsUpgradableRequest == true;

        public bool IsExtendedConnect => connect?.IsExtendedConnect == true;

        public string? Protocol => connect?.Protocol;

        public async Task<Stream> UpgradeAsync() => Stream = new(await upgrade!.UpgradeAsync());

        public async ValueTask<Stream> AcceptAsync() => Stream = new(await connect!.AcceptAsync());
    }
}
