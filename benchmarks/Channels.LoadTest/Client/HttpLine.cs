using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Channels.LoadTest.Client;

/// <summary>One keep-alive HTTP connection on a plain socket, one exchange at a time.</summary>
internal sealed class HttpLine : IDisposable
{
    private const int BufferBytes = 4 * 1024;

    private readonly Socket _socket = LoopbackSocket.Create();
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferBytes);
    private int _received;

    /// <summary>The last answer, until the next request.</summary>
    public ReadOnlyMemory<byte> Answer => _buffer.AsMemory(0, _received);

    public static async Task<HttpLine> OpenAsync(int port, CancellationToken cancellationToken)
    {
        var line = new HttpLine();
        try
        {
            await line._socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancellationToken);
            return line;
        }
        catch
        {
            line.Dispose();
            throw;
        }
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>Sends a request and reads its answer, which has to be a success.</summary>
    /// <param name="request">The whole request.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask ExchangeAsync(ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
    {
        await SendAsync(request, cancellationToken);
        await ReceiveAsync(cancellationToken);
    }

    public async ValueTask SendAsync(ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
    {
        _received = 0;
        await _socket.SendAsync(request, cancellationToken);
    }

    public async ValueTask ReceiveAsync(CancellationToken cancellationToken)
    {
        while (!HttpAnswer.IsComplete(_buffer.AsSpan(0, _received)))
        {
            var count = await _socket.ReceiveAsync(_buffer.AsMemory(_received), cancellationToken);
            if (count == 0)
            {
                throw new IOException("The server ended an HTTP connection, or its answer is too large.");
            }

            _received += count;
        }

        HttpAnswer.RequireSuccess(_buffer.AsSpan(0, _received));
    }

    /// <summary>The last answer, head and body.</summary>
    public string Text => Encoding.UTF8.GetString(_buffer, 0, _received);

    /// <summary>The published payload in the last answer.</summary>
    /// <returns>Whether there was one with this number.</returns>
    public bool Carries(long sequence)
    {
        ReadOnlySpan<byte> answer = _buffer.AsSpan(0, _received);
        return MessageScanner.TryTake(ref answer, out var found, out _) && found == sequence;
    }
}
