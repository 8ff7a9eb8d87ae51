using Channels.AspNetCore.Connections;
using Channels.AspNetCore.Pusher.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Channels.AspNetCore.Pusher;

/// <summary>The routes of this front end.</summary>
internal static class PusherEndpoints
{
    public static void Map(IEndpointRouteBuilder routes, PusherServices services)
    {
        MapClients(routes, services);
        MapApi(routes, services);
    }

    private static void MapClients(IEndpointRouteBuilder routes, PusherServices services)
    {
        var pipeline = routes.CreateApplicationBuilder();
        pipeline.UseSharedWebSockets(new());
        pipeline.Run(new PusherSocket(services).InvokeAsync);
        var socket = pipeline.Build();
        routes.Map("app/{key}", socket).DisableRequestTimeout();
        routes.Map("app/{key}/{**rest:minlength(1)}", socket).DisableRequestTimeout();

        var fallback = new PusherFallback(services);
        var root = $"{services.Options.FallbackPath}/app/{{key}}/{{server}}/{{session}}";
        routes.Map($"{root}/xhr_streaming", (RequestDelegate)fallback.StreamAsync).DisableRequestTimeout();
        routes.Map($"{root}/xhr", (RequestDelegate)fallback.PollAsync).DisableRequestTimeout();
        routes.Map($"{root}/xhr_send", (RequestDelegate)fallback.SendAsync);
    }

    private static void MapApi(IEndpointRouteBuilder routes, PusherServices services)
    {
        var counts = new PusherCounts(services.Addresses);
        var events = new PusherEvents(services.Addresses, counts);
        var channels = new PusherChannels(services);
        var users = new PusherUsers(services.Connections);
        Add("events", HttpMethods.Post, events.PublishAsync);
        Add("batch_events", HttpMethods.Post, events.PublishBatchAsync);
        Add("channels", HttpMethods.Get, channels.ListAsync);
        Add("channels/{channel}", HttpMethods.Get, channels.GetAsync);
        Add("channels/{channel}/users", HttpMethods.Get, channels.ListUsersAsync);
        Add("users/{user}/terminate_connections", HttpMethods.Post, users.TerminateAsync);
        Add("channels/{channel}/events", HttpMethods.Post, events.PublishRawAsync);
        Add("channels/{channel}/stats", HttpMethods.Get, channels.GetStatsAsync);

        void Add(string path, string method, PusherHandler handler) =>
            routes.Map($"apps/{{app}}/{path}", (RequestDelegate)new PusherRoute(services, method, handler).InvokeAsync);
    }
}
