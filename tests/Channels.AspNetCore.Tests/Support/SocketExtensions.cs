using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Channels.AspNetCore.Tests.Support;

public static class SocketExtensions
{
    /// <returns>The next text message; <see langword="null"/> when the server closes.</returns>
    public static async Task<string?> ReadTextAsync(this WebSocket socket)
    {
        var buffer = new byte[256 * 1024];
        var length = 0;
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None).Within();
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }

            Assert.Equal(WebSocketMessageType.Text, part.MessageType);
            length += part.Count;
            if (part.EndOfMessage)
            {
                return Encoding.UTF8.GetString(buffer, 0, length);
            }
        }
    }

    public static async Task<JsonElement> ReadJsonAsync(this WebSocket socket)
    {
        var text = await socket.ReadTextAsync();
        Assert.NotNull(text);
        return JsonDocument.Parse(text).RootElement;
    }

    public static Task CloseAsync(this WebSocket socket) =>
        socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None).Within();
}
