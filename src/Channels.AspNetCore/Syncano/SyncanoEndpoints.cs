using Channels.AspNetCore.Connections;
using Channels.AspNetCore.Syncano.Native;
using Channels.AspNetCore.Syncano.Objects;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Channels.AspNetCore.Syncano;

/// <summary>The routes of this front end, in both versions that clients use. A path is served with and without the slash at its end.</summary>
internal static class SyncanoEndpoints
{
    /// <summary>What the envelope of a server's message may take beyond its payload.</summary>
    private const int EnvelopeBytes = 8 * 1024;

    private static readonly string[] Versions = ["v1", "v1.1"];

    public static void Map(IEndpointRouteBuilder routes, SyncanoServices services)
    {
        foreach (var version in Versions)
        {
            var root = $"{version}/instances/{{instance}}";
            MapChannels(routes, root, services);
            MapMessages(routes, root, services);
            MapObjects(routes, root, services);
            MapStreams(routes, root, services);
            MapServer(routes, root, services);
            MapManagement(routes, root, services);
        }
    }

    private static void MapChannels(IEndpointRouteBuilder routes, string root, SyncanoServices services)
    {
        var channels = new SyncanoChannels(services);
        routes.Add($"{root}/channels/", new SyncanoRoute(services, depth: 1) { Fields = SyncanoFields.Channel }
            .On(HttpMethods.Get, SyncanoChannels.ListAsync)
            .On(HttpMethods.Post, channels.CreateAsync));
        routes.Add($"{root}/channels/{{channel}}/", new SyncanoRoute(services, depth: 2) { Fields = SyncanoFields.Channel }
            .On(HttpMethods.Get, SyncanoChannels.GetAsync)
            .On(HttpMethods.Put, channels.ReplaceAsync)
            .On(HttpMethods.Patch, channels.PatchAsync)
            .On(HttpMethods.Delete, SyncanoChannels.DeleteAsync));
    }

    private static void MapMessages(IEndpointRouteBuilder routes, string root, SyncanoServices services)
    {
        var messages = new SyncanoMessages(services);
        var publish = new SyncanoRoute(services, depth: 3) { Fields = SyncanoFields.Publish, BodyLimit = services.Options.MaxPublishBytes };
        routes.Add($"{root}/channels/{{channel}}/publish/", publish.On(HttpMethods.Post, messages.PublishAsync));
        routes.Add($"{root}/channels/{{channel}}/history/", new SyncanoRoute(services, depth: 3)
            .On(HttpMethods.Get, messages.ListAsync));
        routes.Add($"{root}/channels/{{channel}}/history/{{id}}/", new SyncanoRoute(services, depth: 4)
            .On(HttpMethods.Get, messages.GetAsync));
    }

    private static void MapObjects(IEndpointRouteBuilder routes, string root, SyncanoServices services)
    {
        var classes = new SyncanoClasses(services);
        routes.Add($"{root}/classes/", new SyncanoRoute(services, depth: 1) { Fields = SyncanoFields.Class }
            .On(HttpMethods.Get, SyncanoClasses.ListAsync)
            .On(HttpMethods.Post, classes.CreateAsync));
        routes.Add($"{root}/classes/{{class}}/", new SyncanoRoute(services, depth: 2) { Fields = SyncanoFields.Class }
            .On(HttpMethods.Get, SyncanoClasses.GetAsync)
            .On(HttpMethods.Put, classes.UpdateAsync)
            .On(HttpMethods.Patch, classes.UpdateAsync)
            .On(HttpMethods.Delete, SyncanoClasses.DeleteAsync));
        var objects = new SyncanoObjects(services);
        routes.Add($"{root}/classes/{{class}}/objects/", new SyncanoRoute(services, depth: 3) { FindFields = SyncanoObjectReader.FindFieldsAsync }
            .On(HttpMethods.Get, objects.ListAsync)
            .On(HttpMethods.Post, objects.CreateAsync));
        routes.Add($"{root}/classes/{{class}}/objects/{{id}}/", new SyncanoRoute(services, depth: 4) { FindFields = SyncanoObjectReader.FindFieldsAsync }
            .On(HttpMethods.Get, objects.GetAsync)
            .On(HttpMethods.Patch, objects.UpdateAsync)
            .On(HttpMethods.Post, objects.UpdateAsync)
            .On(HttpMethods.Delete, objects.DeleteAsync));
    }

    private static void MapStreams(IEndpointRouteBuilder routes, string root, SyncanoServices services)
    {
        var poll = new SyncanoRoute(services, depth: 3) { ServesHead = false, Limit = SyncanoLimits.Polls };
        routes.AddLasting($"{root}/channels/{{channel}}/poll/", services, poll.On(HttpMethods.Get, new SyncanoPolls(services).PollAsync));
        var stream = new SyncanoRoute(services, depth: 1) { ServesHead = false };
        routes.AddLasting($"{root}/stream/", services, stream.On(HttpMethods.Get, new NativeStreams(services).StreamAsync));
    }

    private static void MapServer(IEndpointRouteBuilder routes, string root, SyncanoServices services)
    {
        var publish = new SyncanoRoute(services, depth: 1)
        {
            Fields = SyncanoFields.Message,
            BodyLimit = services.Options.MaxPublishBytes + EnvelopeBytes,
        };
        routes.Add($"{root}/messages/", publish.On(HttpMethods.Post, new NativeMessages(services).PublishAsync));
        routes.Add($"{root}/connect-tickets/", new SyncanoRoute(services, depth: 1)
            .On(HttpMethods.Post, new NativeTickets(services).IssueAsync));
    }

    private static void MapManagement(IEndpointRouteBuilder routes, string root, SyncanoServices services)
    {
        var management = new NativeManagement(services);
        routes.Add($"{root}/connections/", new SyncanoRoute(services, depth: 1).On(HttpMethods.Get, management.ListConnectionsAsync));
        routes.Add($"{root}/connections/{{id}}/", new SyncanoRoute(services, depth: 2).On(HttpMethods.Delete, management.DisconnectAsync));
        routes.Add($"{root}/occupancy/", new SyncanoRoute(services, depth: 1).On(HttpMethods.Get, management.ListOccupancyAsync));
        routes.Add($"{root}/channels/{{channel}}/presence/", new SyncanoRoute(services, depth: 3).On(HttpMethods.Get, management.ListMembersAsync));
    }

    private static void Add(this IEndpointRouteBuilder routes, string pattern, SyncanoRoute route) =>
        routes.Map(pattern, (RequestDelegate)route.InvokeAsync);

    /// <summary>Adds a path whose requests take long and may become WebSockets.</summary>
    private static void AddLasting(this IEndpointRouteBuilder routes, string pattern, SyncanoServices services, SyncanoRoute route)
    {
        var pipeline = routes.CreateApplicationBuilder();
        WebSocketOptions options = new()
        {
            KeepAliveInterval = services.Options.KeepAliveInterval,
            KeepAliveTimeout = services.Options.KeepAliveTimeout,
        };
        pipeline.UseSharedWebSockets(options, services.DirectWrites);
        pipeline.Run(route.InvokeAsync);
        routes.Map(pattern, pipeline.Build()).DisableRequestTimeout();
    }
}
