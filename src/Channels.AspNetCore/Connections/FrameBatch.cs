using System.Buffers;

namespace Channels.AspNetCore.Connections;

/// <summary>Everything that is due to a connection, gathered for one write. A single frame is written as it is; a buffer is rented only while there are several.</summary>
internal struct FrameBatch
{
    private const int FullBytes = 12 * 1024;
    private const int BufferBytes = 16 * 1024;
    private const int MostKeptBuffers = 1024;

    // Many connections may be writing at once, more than the shared pool keeps buffers for.
    private static readonly ArrayPool<byte> Buffers = ArrayPool<byte>.Create(BufferBytes, MostKeptBuffers);

    private ReadOnlyMemory<byte> _single;
    private byte[]? _buffer;
    private int _used;

    public readonly bool IsEmpty => _used == 0 && _single.IsEmpty;

    /// <summary>Whether it must be written before more is added.</summary>
    public readonly bool IsFull => _used >= FullBytes || _single.Length >= FullBytes;

    /// <summary>What to write.</summary>
    public readonly ReadOnlyMemory<byte> Bytes => _buffer is null ? _single : _buffer.AsMemory(0, _used);

    /// <summary>Adds a frame.</summary>
    /// <returns>Whether it had room; otherwise what is there must be written first.</returns>
    public bool TryAdd(ReadOnlyMemory<byte> frame)
    {
        if (IsEmpty)
        {
            _single = frame;
            return true;
        }

        if (Math.Max(_used, _single.Length) + frame.Length > BufferBytes)
        {
            return false;
        }

        if (_buffer is null)
        {
            _buffer = Buffers.Rent(BufferBytes);
            Append(_single.Span);
            _single = default;
        }

        Append(frame.Span);
        return true;
    }

    /// <summary>Forgets what was written and gives the buffer back.</summary>
    public void Clear()
    {
        if (_buffer is { } buffer)
        {
            Buffers.Return(buffer);
        }

        this = default;
    }

    private void Append(ReadOnlySpan<byte> frame)
    {
        frame.CopyTo(_buffer.AsSpan(_used));
        _used += frame.Length;
    }
}
