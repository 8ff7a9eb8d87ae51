using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Channels.LoadTest.Roles;

/// <summary>What somebody writes who needs no library: a list of sockets for each channel and a loop over it.</summary>
internal sealed class BareRole : IRole
{
    public const string StreamPath = "/stream";
    public const string PollPath = "/poll";
    public const string PublishPath = "/publish";

    private readonly ConcurrentDictionary<string, BareRoom> _rooms = new(StringComparer.Ordinal);
    private readonly byte[] _payload = LoadMessage.NewPayload();

    public int Connections => _rooms.Values.Sum(room => room.Sockets);

    public long ParkedPolls => _rooms.Values.Sum(room => room.ParkedPolls);

    public void AddServices(WebApplicationBuilder builder)
    {
    }

    public void Map(WebApplication app)
    {
        app.UseWebSockets();
        app.MapGet($"{StreamPath}/{{channel}}", (RequestDelegate)(async http =>
        {
            using var socket = await http.WebSockets.AcceptWebSocketAsync();
            await RoomOf(http).ServeAsync(socket);
        }));
        app.MapGet($"{PollPath}/{{channel}}", (RequestDelegate)(http => RoomOf(http).WaitAsync(http)));
        app.Map(BareHeartbeats.Path, (RequestDelegate)new BareHeartbeats().ServeAsync);
        app.MapPost($"{PublishPath}/{{channel}}", (RequestDelegate)(async http =>
        {
            var body = new byte[LoadMessage.Bytes];
            await http.Request.Body.ReadExactlyAsync(body);
            await RoomOf(http).SendAsync(body);
            http.Response.StatusCode = StatusCodes.Status202Accepted;
        }));
    }

    public ValueTask PublishAsync(string address, long sequence)
    {
        LoadMessage.Stamp(_payload, sequence, Stopwatch.GetTimestamp());
        return Room(address).SendAsync(_payload);
    }

    private BareRoom RoomOf(HttpContext http) => Room((string)http.Request.RouteValues["channel"]!);

    private BareRoom Room(string address) => _rooms.GetOrAdd(address, static _ => new());
}
