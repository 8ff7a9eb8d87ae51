using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Channels.AspNetCore.Pusher;
using Channels.AspNetCore.Tests.Support;

namespace Channels.AspNetCore.Tests.Pusher;

/// <summary>Speaks the wire over a raw WebSocket.</summary>
public sealed class PusherTestClient(ClientWebSocket socket) : IDisposable
{
    private byte[] _buffer = new byte[4096];

    public string SocketId { get; private set; } = "";

    public WebSocketCloseStatus? CloseStatus => socket.CloseStatus;

    public string? CloseReason => socket.CloseStatusDescription;

    public async Task WelcomeAsync()
    {
        var welcome = await ReadAsync();
        Assert.Equal("pusher:connection_established", welcome.Event());
        SocketId = welcome.Data().GetProperty("socket_id").GetString()!;
    }

    public Task SendAsync(string text) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None).Within();

    public async Task<JsonElement> ReadAsync()
    {
        var text = await ReadTextAsync();
        Assert.True(text is not null, $"Closed with {CloseStatus} {CloseReason}");
        return JsonDocument.Parse(text).RootElement;
    }

    /// <returns>The next message; <see langword="null"/> when the server closes.</returns>
    public async Task<string?> ReadTextAsync()
    {
        for (var length = 0; ;)
        {
            var part = await socket.ReceiveAsync(_buffer.AsMemory(length), CancellationToken.None).Within();
            length += part.Count;
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }

            if (part.EndOfMessage)
            {
                return Encoding.UTF8.GetString(_buffer, 0, length);
            }

            if (length == _buffer.Length)
            {
                Array.Resize(ref _buffer, 2 * length);
            }
        }
    }

    /// <summary>Reads the next event, which must have a name.</summary>
    public async Task<JsonElement> ReadAsync(string name)
    {
        var frame = await ReadAsync();
        Assert.True(frame.Event() == name, $"Expected {name}, got {frame.GetRawText()}");
        return frame;
    }

    /// <summary>Sends a subscription with whatever authorization its channel needs.</summary>
    public Task RequestAsync(string channel, string? member = null, string? info = null)
    {
        var authorization = channel switch
        {
            _ when channel.StartsWith("presence-", StringComparison.Ordinal) => PusherTestServer.Authorizer.AuthorizePresence(
                SocketId, channel, new PresenceMember(member ?? "1") { Info = info is null ? default : Encoding.UTF8.GetBytes(info) }),
            _ when channel.StartsWith("private-", StringComparison.Ordinal) => PusherTestServer.Authorizer.AuthorizeChannel(SocketId, channel),
            _ => null,
        };
        return RequestAsync(channel, authorization);
    }

    public Task RequestAsync(string channel, PusherAuthorization? authorization)
    {
        var data = new JsonObject { ["auth"] = authorization?.Auth ?? "", ["channel"] = channel };
        if (authorization?.ChannelData is { } channelData)
        {
            data["channel_data"] = channelData;
        }

        return SendAsync(new JsonObject { ["event"] = "pusher:subscribe", ["data"] = data }.ToJsonString());
    }

    /// <summary>Subscribes, and reads that it succeeded.</summary>
    public async Task<JsonElement> SubscribeAsync(string channel, string? member = null, string? info = null)
    {
        await RequestAsync(channel, member, info);
        var answer = await ReadAsync("pusher_internal:subscription_succeeded");
        Assert.Equal(channel, answer.GetProperty("channel").GetString());
        return answer;
    }

    public Task UnsubscribeAsync(string channel) =>
        SendAsync(new JsonObject { ["event"] = "pusher:unsubscribe", ["data"] = new JsonObject { ["channel"] = channel } }.ToJsonString());

    public async Task SignInAsync(string userId, params string[] watchlist)
    {
        var authorization = PusherTestServer.Authorizer.AuthenticateUser(SocketId, new(userId), watchlist);
        var data = new JsonObject { ["auth"] = authorization.Auth, ["user_data"] = authorization.UserData };
        await SendAsync(new JsonObject { ["event"] = "pusher:signin", ["data"] = data }.ToJsonString());
        var answer = await ReadAsync("pusher:signin_success");
        Assert.Equal(authorization.UserData, answer.GetProperty("data").GetProperty("user_data").GetString());
    }

    /// <summary>Exchanges a ping, so that everything sent before has been dealt with.</summary>
    public async Task<List<JsonElement>> SettleAsync()
    {
        var before = new List<JsonElement>();
        await SendAsync("""{"event":"pusher:ping","data":{}}""");
        while (true)
        {
            var frame = await ReadAsync();
            if (frame.Event() == "pusher:pong")
            {
                return before;
            }

            before.Add(frame);
        }
    }

    /// <summary>Reads until the server closes.</summary>
    /// <returns>The last event before.</returns>
    public async Task<JsonElement?> ReadToCloseAsync()
    {
        JsonElement? last = null;
        while (await ReadTextAsync() is { } text)
        {
            last = JsonDocument.Parse(text).RootElement;
        }

        return last;
    }

    public async Task CloseAsync()
    {
        await SocketExtensions.CloseAsync(socket);
        socket.Dispose();
    }

    public void Dispose() => socket.Dispose();
}
