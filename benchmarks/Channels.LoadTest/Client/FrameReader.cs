using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Channels.LoadTest.Client;

/// <summary>Splits what a server sends into WebSocket frames; servers do not mask. Frames may arrive in any pieces.</summary>
internal struct FrameReader
{
    private const int LastFlag = 0x80;
    private const int OpcodeBits = 0x0f;
    private const int LengthBits = 0x7f;
    private const int TwoByteLength = 126;
    private const int EightByteLength = 127;

    private Header _header;
    private int _headerBytes;
    private long _left;

    /// <summary>Kinds of frame.</summary>
    public enum Opcode
    {
        Continuation = 0,
        Text = 1,
        Binary = 2,
        Close = 8,
        Ping = 9,
        Pong = 10,
    }

    /// <summary>Takes the next piece of a frame's content from the front of some bytes.</summary>
    /// <param name="bytes">Shortened to what follows.</param>
    /// <param name="content">The content.</param>
    /// <param name="opcode">Kind of frame.</param>
    /// <param name="endsMessage">Whether the message ends with this piece.</param>
    public bool TryTake(ref ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> content, out Opcode opcode, out bool endsMessage)
    {
        content = default;
        opcode = default;
        endsMessage = false;
        if (_left == 0 && !TryTakeHeader(ref bytes))
        {
            return false;
        }

        opcode = (Opcode)(_header[0] & OpcodeBits);
        content = bytes[..(int)Math.Min(bytes.Length, _left)];
        bytes = bytes[content.Length..];
        _left -= content.Length;
        endsMessage = _left == 0 && (_header[0] & LastFlag) != 0;
        return content.Length > 0 || _left == 0;
    }

    private bool TryTakeHeader(ref ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            _header[_headerBytes++] = bytes[0];
            bytes = bytes[1..];
            if (_headerBytes >= 2 && _headerBytes == HeaderLength())
            {
                _left = ContentLength();
                _headerBytes = 0;
                return true;
            }
        }

        return false;
    }

    private readonly int HeaderLength() => (_header[1] & LengthBits) switch
    {
        TwoByteLength => 2 + sizeof(ushort),
        EightByteLength => 2 + sizeof(long),
        _ => 2,
    };

    private readonly long ContentLength() => (_header[1] & LengthBits) switch
    {
        TwoByteLength => BinaryPrimitives.ReadUInt16BigEndian(_header[2..]),
        EightByteLength => BinaryPrimitives.ReadInt64BigEndian(_header[2..]),
        var length => length,
    };

    [InlineArray(10)]
    private struct Header
    {
        private byte _first;
    }
}
