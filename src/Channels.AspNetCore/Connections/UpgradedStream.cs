namespace Channels.AspNetCore.Connections;

/// <summary>
/// The stream under a WebSocket. The WebSocket receives, answers pings and closes; frames that are encoded already are written beside it.
/// Writes are whole frames, one at a time, so that neither cuts into the other's.
/// </summary>
internal sealed class UpgradedStream(Stream inner) : Stream
{
    private readonly SemaphoreSlim _writing = new(1, 1);

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
        inner.ReadAsync(buffer, cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        inner.ReadAsync(buffer, offset, count, cancellationToken);

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
        }

        base.Dispose(disposing);
    }

    private static InvalidOperationException Synchronous() => new("A connection is read and written asynchronously.");

    private ValueTask WriteAndFlush(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            // The server's stream hands every write to the transport by itself.
            return inner.WriteAsync(buffer, cancellationToken);
        }
        catch (Exception exception)
        {
            return ValueTask.FromException(exception);
        }
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
