using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace Channels.LoadTest.Client;

/// <summary>
/// One WebSocket client on a plain socket: it upgrades, counts and checks what arrives, answers pings, and reuses one buffer.
/// </summary>
internal sealed class LeanConnection : IDisposable
{
    private const int BufferBytes = 16 * 1024;

    private readonly Socket _socket = LoopbackSocket.Create();
    private readonly SocketAsyncEventArgs _receive = new();
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferBytes, pinned: true);
    private readonly Audience _audience;
    private readonly MessageScanner _scanner = new();
    private readonly List<byte> _ping = [];
    private FrameReader _frames;
    private long _reachedTarget;
    private volatile bool _disposed;

    private LeanConnection(Audience audience)
    {
        _audience = audience;
        _receive.SetBuffer(_buffer);
        _receive.Completed += (_, _) => Pump();
    }

    public SequenceCheck Check { get; } = new();

    /// <summary>The first frame of the server, once it has come.</summary>
    public string? Greeting { get; private set; }

    /// <summary>Bytes received after the greeting.</summary>
    public long Bytes { get; private set; }

    /// <summary>Connects and upgrades; the greeting is announced to the audience.</summary>
    /// <param name="port">Port on the loopback address.</param>
    /// <param name="upgrade">The whole request.</param>
    /// <param name="hello">What the client says first, as a frame; may be empty.</param>
    /// <param name="greets">Whether the server says something first; otherwise the upgrade itself counts as its greeting.</param>
    /// <param name="audience">Whom to tell.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<LeanConnection> OpenAsync(
        int port, ReadOnlyMemory<byte> upgrade, ReadOnlyMemory<byte> hello, bool greets, Audience audience, CancellationToken cancellationToken)
    {
        var connection = new LeanConnection(audience);
        try
        {
            await connection.UpgradeAsync(port, upgrade, hello, greets, cancellationToken);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _disposed = true;
        _socket.Dispose();
        _receive.Dispose();
    }

    private async Task UpgradeAsync(int port, ReadOnlyMemory<byte> upgrade, ReadOnlyMemory<byte> hello, bool greets, CancellationToken cancellationToken)
    {
        await _socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancellationToken);
        await _socket.SendAsync(upgrade, cancellationToken);
        var (end, received) = await ReadAnswerAsync(cancellationToken);
        if (!hello.IsEmpty)
        {
            await _socket.SendAsync(hello, cancellationToken);
        }

        if (!greets)
        {
            Greet("");
        }

        Accept(_buffer.AsSpan(end..received));
        if (!_socket.ReceiveAsync(_receive))
        {
            Pump();
        }
    }

    /// <returns>Where the answer ends, and where what was received with it ends.</returns>
    private async Task<(int End, int Received)> ReadAnswerAsync(CancellationToken cancellationToken)
    {
        var received = 0;
        while (true)
        {
            var count = await _socket.ReceiveAsync(_buffer.AsMemory(received), cancellationToken);
            received += count;
            var end = _buffer.AsSpan(0, received).IndexOf("\r\n\r\n"u8);
            if (end >= 0 && _buffer.AsSpan().StartsWith("HTTP/1.1 101"u8))
            {
                return (end + 4, received);
            }

            if (end >= 0 || count == 0)
            {
                throw new InvalidOperationException($"The server refused a WebSocket: {Encoding.ASCII.GetString(_buffer, 0, received)}");
            }
        }
    }

    private void Pump()
    {
        try
        {
            do
            {
                if (_receive.SocketError != SocketError.Success || _receive.BytesTransferred == 0)
                {
                    throw new IOException($"The server ended a connection ({_receive.SocketError}).");
                }

                Accept(_buffer.AsSpan(0, _receive.BytesTransferred));
            }
            while (!_socket.ReceiveAsync(_receive));
        }
        catch (Exception exception)
        {
            if (!_disposed)
            {
                _audience.Fail(exception);
            }
        }
    }

    private void Accept(ReadOnlySpan<byte> bytes)
    {
        if (Greeting is not null)
        {
            Bytes += bytes.Length;
        }

        while (_frames.TryTake(ref bytes, out var content, out var opcode, out var endsMessage))
        {
            switch (opcode)
            {
                case FrameReader.Opcode.Close:
                    throw new IOException($"The server closed a connection: {Encoding.UTF8.GetString(content)}");
                case FrameReader.Opcode.Ping:
                    AcceptPing(content, endsMessage);
                    break;
                case FrameReader.Opcode.Pong:
                    break;
                default:
                    AcceptText(content, endsMessage);
                    break;
            }
        }

        var target = _audience.Target;
        if (Check.Next >= target && _reachedTarget != target)
        {
            _reachedTarget = target;
            _audience.Reached();
        }
    }

    private void AcceptPing(ReadOnlySpan<byte> part, bool endsMessage)
    {
        _ping.AddRange(part);
        if (endsMessage)
        {
            _socket.Send(ClientFrame.Pong(CollectionsMarshal.AsSpan(_ping)));
            _ping.Clear();
        }
    }

    private void AcceptText(ReadOnlySpan<byte> text, bool endsMessage)
    {
        if (Greeting is null && text.IndexOf("ready"u8) >= 0)
        {
            Greet(Encoding.UTF8.GetString(text));
        }

        while (_scanner.TryTake(ref text, endsMessage, out var sequence, out var timestamp))
        {
            Check.Accept(sequence);
            _audience.Latency?.Add(timestamp);
        }
    }

    private void Greet(string greeting)
    {
        Greeting = greeting;
        _audience.Ready();
    }
}
