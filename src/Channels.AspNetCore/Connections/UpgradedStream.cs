using System.Runtime.CompilerServices;

namespace Channels.AspNetCore.Connections;

/// <summary>
/// The stream under a WebSocket. The WebSocket receives, answers pings and closes; frames that are encoded already are written beside it.
/// Writes are whole frames, one at a time, so that neither cuts into the other's; all of them take the same way.
/// </summary>
/// <param name="inner">The server's stream.</param>
/// <param name="direct">The way past the server, if it may open.</param>
internal sealed class UpgradedStream(Stream inner, DirectOutput? direct = null) : Stream
{
    private readonly SemaphoreSlim _writing = new(1, 1);
    private int _disposed;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new InvalidOperationException("A connection has no length.");

    public override long Position
    {
        get => throw new InvalidOperationException("A connection has no position.");
        set => throw new InvalidOperationException("A connection has no position.");
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var entering = _writing.WaitAsync(cancellationToken);
        if (!entering.IsCompletedSuccessfully)
        {
            return WriteSlowAsync(entering, buffer, cancellationToken);
        }

        var write = WriteAndFlush(buffer, cancellationToken);
        if (!write.IsCompletedSuccessfully)
        {
            return FinishAsync(write);
        }

        _writing.Release();
        return default;
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Every write is flushed already.</summary>
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        direct is null || direct.IsOpen ? inner.ReadAsync(buffer, cancellationToken) : ReadAnswersAsync(direct, buffer, cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw Synchronous();

    public override void Write(byte[] buffer, int offset, int count) => throw Synchronous();

    public override void Flush() => throw Synchronous();

    public override long Seek(long offset, SeekOrigin origin) => throw new InvalidOperationException("A connection cannot be rewound.");

    public override void SetLength(long value) => throw new InvalidOperationException("A connection has no length.");

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
            if (Interlocked.Exchange(ref _disposed, 1) == 0)
            {
                direct?.Close();
            }
        }

        base.Dispose(disposing);
    }

    private static InvalidOperationException Synchronous() => new("A connection is read and written asynchronously.");

    private ValueTask WriteAndFlush(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            // The server's stream hands every write to the transport by itself.
            return direct is null ? inner.WriteAsync(buffer, cancellationToken)
                : direct.TryOpen() ? direct.WriteAsync(buffer, cancellationToken)
                : WriteAndAskAsync(direct, buffer, cancellationToken);
        }
        catch (Exception exception)
        {
            return ValueTask.FromException(exception);
        }
    }

    private async ValueTask WriteAndAskAsync(DirectOutput way, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        // Before the write: what is on its way counts, even if the wait for it is given up.
        var ping = way.OnWritten(buffer.Span);
        await inner.WriteAsync(buffer, cancellationToken);
        if (!ping.IsEmpty)
        {
            await inner.WriteAsync(ping, cancellationToken);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> ReadAnswersAsync(DirectOutput way, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        way.OnReceived(buffer.Span[..read]);
        return read;
    }

    private async ValueTask WriteSlowAsync(Task entering, ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        await entering;
        await FinishAsync(WriteAndFlush(buffer, cancellationToken));
    }

    private async ValueTask FinishAsync(ValueTask write)
    {
        try
        {
            await write;
        }
        finally
        {
            _writing.Release();
        }
    }
}
