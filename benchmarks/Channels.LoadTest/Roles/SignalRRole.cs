using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;

namespace Channels.LoadTest.Roles;

/// <summary>A SignalR host with the defaults; a channel is a group of its hub.</summary>
internal sealed class SignalRRole : IRole
{
    public const string HubPath = "/hub";
    public const string PublishPath = "/publish";
    public const string AddressField = "channel";

    private const string Target = "message";

    private readonly ConnectionCount _count = new();
    private IHubContext<LoadHub>? _hub;
    private long _polls;

    public int Connections => _count.Value;

    public long ParkedPolls => Interlocked.Read(ref _polls);

    public void AddServices(WebApplicationBuilder builder)
    {
        builder.Services.AddSignalR();
        builder.Services.AddSingleton(_count);
    }

    public void Map(WebApplication app)
    {
        _hub = app.Services.GetRequiredService<IHubContext<LoadHub>>();
        app.Use(CountPollsAsync);
        app.MapHub<LoadHub>(HubPath);
        app.MapPost($"{PublishPath}/{{channel}}", async (string channel, PublishBody body) =>
        {
            await _hub.Clients.Group(channel).SendAsync(Target, body.Payload);
            return Results.Accepted();
        });
    }

    public async ValueTask PublishAsync(string address, long sequence) =>
        await _hub!.Clients.Group(address).SendAsync(Target, LoadMessage.Stamped(sequence, Stopwatch.GetTimestamp()));

    /// <summary>A poll that has come is about to wait, as far as can be seen from outside.</summary>
    private async Task CountPollsAsync(HttpContext http, RequestDelegate next)
    {
        if (http.Request.Path != HubPath || !HttpMethods.IsGet(http.Request.Method) || http.WebSockets.IsWebSocketRequest)
        {
            await next(http);
            return;
        }

        Interlocked.Increment(ref _polls);
        try
        {
            await next(http);
        }
        finally
        {
            Interlocked.Decrement(ref _polls);
        }
    }

    /// <param name="Payload">What to publish.</param>
    internal sealed record PublishBody(LoadMessage Payload);

    /// <summary>Open connections of the hub.</summary>
    internal sealed class ConnectionCount
    {
        private int _value;

        public int Value => Volatile.Read(ref _value);

        public void Add(int change) => Interlocked.Add(ref _value, change);
    }

    internal sealed class LoadHub(ConnectionCount count) : Hub
    {
        public override async Task OnConnectedAsync()
        {
            count.Add(1);
            var address = Context.GetHttpContext()!.Request.Query[AddressField].ToString();
            await Groups.AddToGroupAsync(Context.ConnectionId, address);
            await Clients.Caller.SendAsync("ready");
        }

        public override Task OnDisconnectedAsync(Exception? exception)
        {
            count.Add(-1);
            return Task.CompletedTask;
        }
    }
}
