using System.Buffers.Binary;
using System.IO.Pipelines;

namespace Channels.AspNetCore.Tests.Kit.Model;

/// <summary>A connection without a socket, which takes so many bytes before its writer has to wait. The client reads frames as they were written.</summary>
internal sealed class MemoryTransport : Stream
{
    private const int FinalText = 0x81;
    private const int CloseFrame = 0x88;

    private readonly Pipe _toClient;
    private readonly Pipe _toServer = new();
    private readonly Stream _input;
    private readonly Stream _output;
    private readonly Stream _client;

    public MemoryTransport(int bytes)
    {
        _toClient = new(new(pauseWriterThreshold: bytes, resumeWriterThreshold: Math.Max(bytes / 2, 1), useSynchronizationContext: false));
        _input = _toServer.Reader.AsStream();
        _output = _toClient.Writer.AsStream();
        _client = _toClient.Reader.AsStream();
    }

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Reads the next text.</summary>
    /// <returns><see langword="null"/> when the server closed, in order or by cutting the connection between two frames.</returns>
    public async Task<byte[]?> ReadFrameAsync()
    {
        var header = new byte[2];
        if (await _client.ReadAtLeastAsync(header, header.Length, throwOnEndOfStream: false) < header.Length)
        {
            return null;
        }

        var length = header[1] switch
        {
            126 => BinaryPrimitives.ReadUInt16BigEndian(await ReadAsync(2)),
            127 => (int)BinaryPrimitives.ReadUInt64BigEndian(await ReadAsync(8)),
            _ => header[1],
        };
        var content = await ReadAsync(length);
        Assert.True(header[0] is FinalText or CloseFrame, "Whole frames follow each other.");
        return header[0] == FinalText ? content : null;
    }

    /// <summary>The client goes without a word; a read of its own that waits is cancelled.</summary>
    public void Leave()
    {
        _toServer.Writer.Complete();
        _toClient.Reader.CancelPendingRead();
    }

    /// <summary>Nobody is at the client's end any more: what is still written is lost.</summary>
    public void LetGo()
    {
        _toServer.Writer.Complete();
        _toClient.Reader.Complete();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _input.ReadAsync(buffer, cancellationToken);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        _output.WriteAsync(buffer, cancellationToken);

    public override void Flush() => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _toClient.Writer.Complete();
        _toServer.Reader.CancelPendingRead();
        base.Dispose(disposing);
    }

    private async Task<byte[]> ReadAsync(int bytes)
    {
        var buffer = new byte[bytes];
        await _client.ReadExactlyAsync(buffer);
        return buffer;
    }
}
