namespace Channels.AspNetCore.Tests.Kit.Model;

/// <summary>A connection whose client takes everything at once, or nothing any more.</summary>
internal sealed class SinkTransport : Stream
{
    private readonly TaskCompletionSource<int> _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _goesOn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _taken;

    /// <summary>How many bytes the client has taken.</summary>
    public long Taken => Volatile.Read(ref _taken);

    /// <summary>Whether it takes nothing.</summary>
    public bool IsStopped { get; init; }

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public void Leave() => _left.TrySetResult(0);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        new(_left.Task.WaitAsync(cancellationToken));

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (IsStopped)
        {
            return new(_goesOn.Task.WaitAsync(cancellationToken));
        }

        Interlocked.Add(ref _taken, buffer.Length);
        return default;
    }

    public override void Flush() => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <summary>As under a server, where a socket that is aborted ends the request with its reads.</summary>
    protected override void Dispose(bool disposing)
    {
        Leave();
        base.Dispose(disposing);
    }
}
