using System.Net.Sockets;

namespace Channels.AspNetCore.Connections;

/// <summary>
/// The way past the server: its pipe and the thread that empties it. It opens once the client has answered a ping that was the last thing
/// written through the server: then nothing of this connection is left there that a frame could overtake. Until then, and for clients that
/// do not answer, frames pass the server. Everything but <see cref="OnReceived"/> is called by one writer at a time.
/// </summary>
/// <param name="socket">The connection's socket, which the server owns and receives from.</param>
/// <param name="abort">Breaks the connection.</param>
/// <param name="metrics">Counts the way that was found.</param>
internal sealed class DirectOutput(Socket socket, Action abort, WebSocketMetrics metrics)
{
    private readonly DrainProof _proof = new();
    private bool _broken;
    private volatile bool _writing;

    /// <summary>Whether the way is open; it stays so.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Opens the way if nothing is left in the server's hands.</summary>
    public bool TryOpen()
    {
        if (!IsOpen && _proof.IsGiven)
        {
            IsOpen = true;
            metrics.Chosen(WritePath.Direct);
        }

        return IsOpen;
    }

    /// <summary>Takes note of what was written through the server.</summary>
    /// <returns>A ping to write behind it; empty for none.</returns>
    public ReadOnlyMemory<byte> OnWritten(ReadOnlySpan<byte> frames) => _proof.OnWritten(frames);

    /// <summary>Takes note of what the client has sent.</summary>
    public void OnReceived(ReadOnlySpan<byte> bytes) => _proof.OnReceived(bytes);

    /// <summary>Writes whole frames. A write that does not end well may have sent a part, so that none can follow it.</summary>
    /// <exception cref="IOException">The connection is broken.</exception>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> frames, CancellationToken cancellationToken)
    {
        if (_broken)
        {
            return ValueTask.FromException(new IOException("The connection was broken in the middle of a frame."));
        }

        ValueTask<int> sending;
        try
        {
            sending = socket.SendAsync(frames, SocketFlags.None, cancellationToken);
        }
        catch (ObjectDisposedException exception)
        {
            return ValueTask.FromException(Break(exception));
        }

        if (!sending.IsCompletedSuccessfully)
        {
            return FinishAsync(sending, frames, cancellationToken);
        }

        var sent = sending.Result;
        return sent == frames.Length ? default : FinishAsync(new(sent), frames, cancellationToken);
    }

    /// <summary>Ends it with its stream: a write that hangs is let go.</summary>
    public void Close()
    {
        if (!IsOpen)
        {
            metrics.Chosen(WritePath.Unproven);
        }
        else if (_writing)
        {
            abort();
        }
    }

    private async ValueTask FinishAsync(ValueTask<int> sending, ReadOnlyMemory<byte> frames, CancellationToken cancellationToken)
    {
        _writing = true;
        try
        {
            var sent = await sending;
            while (sent < frames.Length)
            {
                frames = frames[sent..];
                sent = await socket.SendAsync(frames, SocketFlags.None, cancellationToken);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            throw Break(exception);
        }
        catch (OperationCanceledException)
        {
            _broken = true;
            throw;
        }
        finally
        {
            _writing = false;
        }
    }

    private IOException Break(Exception cause)
    {
        _broken = true;
        return new("The connection is gone.", cause);
    }
}
