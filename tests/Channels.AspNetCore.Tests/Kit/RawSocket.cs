using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using Channels.AspNetCore.Tests.Support;

namespace Channels.AspNetCore.Tests.Kit;

/// <summary>A WebSocket client that does nothing by itself: no pong, no close. Its frames are as the server sent them.</summary>
internal sealed class RawSocket : IDisposable
{
    public const int Text = 1;
    public const int Close = 8;
    public const int Ping = 9;
    public const int Pong = 10;

    private const int FinalFlag = 0x80;
    private const int MaskFlag = 0x80;

    private readonly TcpClient _client;

    private RawSocket(TcpClient client) => _client = client;

    public static async Task<RawSocket> ConnectAsync(TestServer server, string path, int receiveBufferBytes = 64 * 1024)
    {
        var socket = new RawSocket(new TcpClient { ReceiveBufferSize = receiveBufferBytes, NoDelay = true });
        await socket._client.ConnectAsync(server.BaseAddress.Host, server.BaseAddress.Port).Within();
        await socket._client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"));
        var head = new List<byte>();
        while (!Encoding.ASCII.GetString([.. head]).EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            head.AddRange(await socket.ReadAsync(1));
        }

        Assert.StartsWith("HTTP/1.1 101 ", Encoding.ASCII.GetString([.. head]), StringComparison.Ordinal);
        return socket;
    }

    public async Task<(int Opcode, byte[] Content)> ReadFrameAsync()
    {
        var header = await ReadAsync(2);
        Assert.Equal(FinalFlag, header[0] & 0xF0);
        var length = header[1] switch
        {
            126 => BinaryPrimitives.ReadUInt16BigEndian(await ReadAsync(2)),
            127 => (int)BinaryPrimitives.ReadUInt64BigEndian(await ReadAsync(8)),
            _ => header[1],
        };
        return (header[0] & 0x0F, await ReadAsync(length));
    }

    /// <summary>Reads the next frame, which must be of this kind.</summary>
    public async Task<byte[]> ReadAsync(int opcode, string? content)
    {
        var frame = await ReadFrameAsync();
        Assert.Equal(opcode, frame.Opcode);
        Assert.Equal(content ?? Encoding.UTF8.GetString(frame.Content), Encoding.UTF8.GetString(frame.Content));
        return frame.Content;
    }

    public async Task SendAsync(int opcode, byte[] content)
    {
        byte[] mask = [0x11, 0x92, 0x33, 0xF4];
        byte[] frame =
        [
            (byte)(FinalFlag | opcode), (byte)(MaskFlag | content.Length), .. mask,
            .. content.Select((value, place) => (byte)(value ^ mask[place % mask.Length])),
        ];
        await _client.GetStream().WriteAsync(frame).AsTask().Within();
    }

    /// <summary>Whether the server has closed the connection, perhaps rudely.</summary>
    public async Task<bool> IsClosedAsync()
    {
        try
        {
            return await _client.GetStream().ReadAsync(new byte[1]).AsTask().Within() == 0;
        }
        catch (IOException)
        {
            return true;
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task<byte[]> ReadAsync(int bytes)
    {
        var buffer = new byte[bytes];
        await _client.GetStream().ReadExactlyAsync(buffer).AsTask().Within();
        return buffer;
    }
}
