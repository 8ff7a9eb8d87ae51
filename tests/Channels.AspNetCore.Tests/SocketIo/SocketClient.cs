using System.Net.WebSockets;
using System.Text;
using Channels.AspNetCore.Tests.Support;

namespace Channels.AspNetCore.Tests.SocketIo;

/// <summary>A WebSocket client that knows frames and nothing of packets.</summary>
public sealed class SocketClient(WebSocket socket) : IDisposable
{
    public WebSocket Socket => socket;

    public static async Task<SocketClient> OpenAsync(TestServer server, string path, int revision, string query = "")
    {
        var client = new SocketClient(await server.ConnectAsync($"{path}/?EIO={revision}&transport=websocket{query}"));
        if (!query.Contains("sid=", StringComparison.Ordinal))
        {
            Assert.StartsWith("0{", await client.ReadAsync(), StringComparison.Ordinal);
        }

        return client;
    }

    /// <summary>A client of protocol 5 in the main namespace.</summary>
    public static async Task<SocketClient> JoinAsync(TestServer server, string path)
    {
        var client = await OpenAsync(server, path, 4);
        await client.SendAsync("40");
        Assert.StartsWith("40{\"sid\":", await client.ReadAsync(), StringComparison.Ordinal);
        return client;
    }

    public Task SendAsync(string text) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, CancellationToken.None).Within();

    public Task SendAsync(params byte[] bytes) => socket.SendAsync(bytes, WebSocketMessageType.Binary, true, CancellationToken.None).Within();

    /// <returns>The next text, bytes as hexadecimal digits behind <c>#</c>, or <see langword="null"/> when the server closes.</returns>
    public async Task<string?> ReadAsync()
    {
        var buffer = new byte[1024 * 1024];
        var length = 0;
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None).Within();
            length += part.Count;
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }

            if (part.EndOfMessage)
            {
                return part.MessageType == WebSocketMessageType.Text
                    ? Encoding.UTF8.GetString(buffer, 0, length)
                    : $"#{Convert.ToHexString(buffer.AsSpan(0, length))}";
            }
        }
    }

    /// <summary>Expects a close, after whatever was under way.</summary>
    public async Task<WebSocketCloseStatus?> ReadCloseAsync()
    {
        while (await ReadAsync() is not null)
        {
        }

        return socket.CloseStatus;
    }

    public void Dispose() => socket.Dispose();
}
