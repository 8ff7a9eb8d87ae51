using System.Buffers;
using System.Net.WebSockets;

namespace Channels.AspNetCore.Connections;

/// <summary>
/// The one loop that receives from a WebSocket: whole messages within limits. No buffer is held while nothing comes. Text that is not UTF-8
/// is closed with 1007 by the socket itself.
/// </summary>
/// <param name="socket">The socket, accepted.</param>
/// <param name="limits">What the client may do.</param>
/// <param name="time">Clock of the silence.</param>
internal sealed class WebSocketReceiver(WebSocket socket, WebSocketLimits limits, TimeProvider time) : IHeartbeatListener
{
    /// <summary>Below this a part is small. Parts end where frames end, and where the network cut them.</summary>
    public const int SmallPartBytes = 128;

    private const int FirstBufferBytes = 1024;

    private static readonly WebSocketClosure TooBig = new(WebSocketCloseStatus.MessageTooBig, "message too big");
    private static readonly WebSocketClosure TooManyParts = new(WebSocketCloseStatus.MessageTooBig, "message in too many parts");
    private static readonly WebSocketClosure NoText = new(WebSocketCloseStatus.InvalidMessageType, "text is not accepted");
    private static readonly WebSocketClosure NoBinary = new(WebSocketCloseStatus.InvalidMessageType, "binary is not accepted");

    private IWebSocketMessages? _messages;
    private long _lastHeard;
    private int _refused;
    private bool _violated;

    // The message that is being received.
    private bool _inMessage;
    private byte[]? _buffer;
    private int _used;
    private int _smallParts;

    /// <summary>Receives until the client has closed or is gone.</summary>
    /// <param name="messages">Takes what comes; what it throws ends the loop and is the caller's.</param>
    /// <param name="stop">Ends the loop.</param>
    public async Task RunAsync(IWebSocketMessages messages, CancellationToken stop)
    {
        _messages = messages;
        Volatile.Write(ref _lastHeard, time.GetTimestamp());
        if (limits.MaxSilence is not null)
        {
            limits.Sweep?.Add(this);
        }

        try
        {
            while (true)
            {
                // Nothing is rented while nothing comes. A close and an empty message come whole with this.
                var part = await socket.ReceiveAsync(_inMessage ? Room() : Memory<byte>.Empty, stop);
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    break;
                }

                _inMessage = true;
                Check(part);
                if (part.EndOfMessage)
                {
                    await DeliverAsync(part.MessageType);
                }
            }
        }
        catch (WebSocketException exception)
        {
            // The client left without a word, or sent what no client may send, and was told so by the socket.
            _violated = exception.WebSocketErrorCode != WebSocketError.ConnectionClosedPrematurely;
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // The client left without a word.
        }
        finally
        {
            limits.Sweep?.Remove(this);
            Forget();
            messages.OnEnded();
        }
    }

    /// <summary>
    /// Reads on until the client is gone, where the socket has closed by itself and reads no more: a connection that is closed over unread
    /// data is reset, and the client would never learn why.
    /// </summary>
    /// <param name="stream">The stream under the socket.</param>
    /// <param name="stop">Ends the wait.</param>
    public async ValueTask LingerAsync(UpgradedStream? stream, CancellationToken stop)
    {
        if (!_violated || stream is null)
        {
            return;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(FirstBufferBytes);
        try
        {
            while (await stream.ReadAsync(buffer, stop) > 0)
            {
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    void IHeartbeatListener.OnBeat()
    {
        if (time.GetElapsedTime(Volatile.Read(ref _lastHeard)) > limits.MaxSilence)
        {
            Refuse(limits.Silent);
        }
    }

    private bool IsRefused => Volatile.Read(ref _refused) != 0;

    private void Check(ValueWebSocketReceiveResult part)
    {
        if (part.MessageType == WebSocketMessageType.Text ? !limits.AcceptsText : !limits.AcceptsBinary)
        {
            Refuse(part.MessageType == WebSocketMessageType.Text ? NoText : NoBinary);
        }

        _used += part.Count;
        if (_used > limits.MaxMessageBytes)
        {
            Refuse(TooBig);
        }

        if (part.Count < SmallPartBytes && ++_smallParts > limits.MaxSmallParts + 1)
        {
            // One more, since the wait for a message counts as an empty part.
            Refuse(TooManyParts);
        }

        if (IsRefused)
        {
            _used = 0;
        }
    }

    private ValueTask DeliverAsync(WebSocketMessageType type)
    {
        Volatile.Write(ref _lastHeard, time.GetTimestamp());
        if (!IsRefused && !limits.Discards)
        {
            return HandOnAsync(type);
        }

        Forget();
        return default;
    }

    private async ValueTask HandOnAsync(WebSocketMessageType type)
    {
        await _messages!.OnMessageAsync(type, _buffer.AsMemory(0, _used));
        Forget();
    }

    private Memory<byte> Room()
    {
        _buffer ??= ArrayPool<byte>.Shared.Rent(FirstBufferBytes);
        if (limits.Discards || IsRefused)
        {
            return _buffer;
        }

        if (_used == _buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
            _buffer.AsSpan(0, _used).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        return _buffer.AsMemory(_used);
    }

    private void Forget()
    {
        if (_buffer is { } buffer)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        _buffer = null;
        _inMessage = false;
        _used = 0;
        _smallParts = 0;
    }

    private void Refuse(WebSocketClosure closure)
    {
        if (Interlocked.Exchange(ref _refused, 1) == 0)
        {
            _messages!.OnRefused(closure);
        }
    }
}
