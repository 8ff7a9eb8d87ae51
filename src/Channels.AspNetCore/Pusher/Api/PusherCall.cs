using Channels.AspNetCore.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Channels.AspNetCore.Pusher.Api;

/// <summary>One signed request whose signature was found right.</summary>
/// <param name="http">The request.</param>
/// <param name="app">The app that it is for.</param>
/// <param name="channels">The engine, acting for the application's server in the app's instance.</param>
/// <param name="body">The whole body.</param>
internal sealed class PusherCall(HttpContext http, PusherApp app, IChannels channels, ReadOnlyMemory<byte> body)
{
    public PusherApp App => app;

    public IChannels Channels => channels;

    public ReadOnlyMemory<byte> Body => body;

    public CancellationToken Aborted => http.RequestAborted;

    /// <summary>The channel that the path names, not checked.</summary>
    public string ChannelName => http.GetRouteValue("channel") as string ?? "";

    /// <summary>The user that the path names in front of its last segment.</summary>
    public string UserId => RequestPath.Segment(http.Request, fromEnd: 2);

    public string? Query(string name) => http.Request.Query.Last(name);
}
