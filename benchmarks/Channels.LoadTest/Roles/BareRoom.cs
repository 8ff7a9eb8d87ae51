using System.Collections.Immutable;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;

namespace Channels.LoadTest.Roles;

/// <summary>The sockets and polls of one channel.</summary>
internal sealed class BareRoom
{
    private ImmutableArray<WebSocket> _sockets = [];
    private TaskCompletionSource<byte[]> _next = NewSource();
    private int _parkedPolls;

    public int Sockets => _sockets.Length;

    public int ParkedPolls => Volatile.Read(ref _parkedPolls);

    /// <summary>Keeps a socket in the list until its client leaves.</summary>
    public async Task ServeAsync(WebSocket socket)
    {
        ImmutableInterlocked.Update(ref _sockets, sockets => sockets.Add(socket));
        try
        {
            await socket.SendAsync("{\"event\":\"ready\"}"u8.ToArray().AsMemory(), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);

            // Clients say nothing but good-bye, so nothing is ever rented to read into.
            while ((await socket.ReceiveAsync(Memory<byte>.Empty, CancellationToken.None)).MessageType != WebSocketMessageType.Close)
            {
            }
        }
        catch (WebSocketException)
        {
            // The client left.
        }
        finally
        {
            ImmutableInterlocked.Update(ref _sockets, sockets => sockets.Remove(socket));
        }
    }

    /// <summary>Answers with the next message.</summary>
    public async Task WaitAsync(HttpContext http)
    {
        Interlocked.Increment(ref _parkedPolls);
        byte[] message;
        try
        {
            message = await Volatile.Read(ref _next).Task.WaitAsync(http.RequestAborted);
        }
        finally
        {
            Interlocked.Decrement(ref _parkedPolls);
        }

        http.Response.ContentType = "application/json";
        http.Response.ContentLength = message.Length;
        await http.Response.BodyWriter.WriteAsync(message);
    }

    /// <summary>Sends to one after the other. For one publisher at a time.</summary>
    public async ValueTask SendAsync(byte[] message)
    {
        if (ParkedPolls > 0)
        {
            Interlocked.Exchange(ref _next, NewSource()).SetResult([.. message]);
        }

        foreach (var socket in _sockets)
        {
            try
            {
                await socket.SendAsync(message.AsMemory(), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
            }
            catch (Exception exception) when (exception is WebSocketException or ObjectDisposedException)
            {
                // Its own loop takes it from the list.
            }
        }
    }

    private static TaskCompletionSource<byte[]> NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
