using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Channels.AspNetCore.Tests.Support;

namespace Channels.AspNetCore.Tests.Bayeux;

/// <summary>A session over a WebSocket, spoken by hand.</summary>
internal sealed class SocketClient(BayeuxServer server, ClientWebSocket socket, string id) : IDisposable
{
    private readonly Queue<JsonElement> _received = new();
    private int _message = 100;

    public string Id => id;

    public ClientWebSocket Socket => socket;

    public static async Task<SocketClient> OpenAsync(BayeuxServer server, bool ack)
    {
        var socket = await server.ConnectAsync(BayeuxServer.Url);
        var client = new SocketClient(server, socket, "");
        await client.SendTextAsync(BayeuxServer.Handshake(ack));
        var reply = Replies.Succeeded(await client.ReadAsync());
        return new(server, socket, reply.GetProperty("clientId").GetString()!);
    }

    /// <summary>The same socket, speaking for another session.</summary>
    public static SocketClient Of(BayeuxServer server, ClientWebSocket socket, string id) => new(server, socket, id);

    public string Message(string channel, string fields = "", string? id = null) =>
        $$"""{"id":"{{id ?? $"{++_message}"}}","channel":"{{channel}}","clientId":"{{Id}}"{{(fields.Length > 0 ? "," + fields : "")}}}""";

    public Task SendTextAsync(string text) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None).Within();

    public Task SendAsync(params string[] messages) => SendTextAsync($"[{string.Join(',', messages)}]");

    /// <returns>The next message, whatever frame it comes in.</returns>
    public async Task<JsonElement> ReadAsync()
    {
        while (_received.Count == 0)
        {
            foreach (var message in (await socket.ReadJsonAsync()).EnumerateArray())
            {
                _received.Enqueue(message);
            }
        }

        return _received.Dequeue();
    }

    public async Task<JsonElement> ExchangeAsync(string channel, string fields = "")
    {
        await SendAsync(Message(channel, fields));
        return await ReadAsync();
    }

    /// <summary>Connects for the first time, which is answered at once.</summary>
    public async Task<JsonElement> ConnectNowAsync(string fields = "") =>
        Replies.Succeeded(await ExchangeAsync("/meta/connect", "\"connectionType\":\"websocket\",\"advice\":{\"timeout\":0}" + (fields.Length > 0 ? "," + fields : "")));

    /// <summary>Sends a connect that is held.</summary>
    public Task HoldAsync(string messageId, string fields = "") =>
        SendAsync(Message("/meta/connect", "\"connectionType\":\"websocket\"" + (fields.Length > 0 ? "," + fields : ""), messageId));

    /// <summary>Sends a connect and waits until it is held, no other being held or ending meanwhile.</summary>
    public async Task ParkAsync(string messageId, string fields = "")
    {
        await server.UntilAsync(() => server.Sessions.Attached == 0);
        await HoldAsync(messageId, fields);
        await server.UntilAsync(() => server.Sessions.Attached == 1);
    }

    public async Task SubscribeAsync(string channel) => Replies.Succeeded(await ExchangeAsync("/meta/subscribe", $"\"subscription\":\"{channel}\""));

    public void Dispose() => socket.Dispose();
}
