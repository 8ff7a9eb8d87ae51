namespace Channels.AspNetCore.Connections;

/// <summary>Finds pongs in the bytes of a client's frames, however the network cut them. What is not a frame is the WebSocket's business.</summary>
/// <param name="contentBytes">How long the content of the pongs that are looked for is.</param>
/// <remarks>Source: RFC 6455, section 5.2.</remarks>
internal sealed class PongScanner(int contentBytes)
{
    private const int Pong = 0xA;
    private const int MaskBytes = 4;
    private const int ShortHeaderBytes = 2;
    private const int LongestHeaderBytes = 14;

    private readonly byte[] _header = new byte[LongestHeaderBytes];
    private readonly byte[] _content = new byte[contentBytes];
    private int _headerUsed;
    private long _passed;

    /// <summary>The pong that was found, unmasked.</summary>
    public ReadOnlySpan<byte> Content => _content;

    /// <summary>Looks on.</summary>
    /// <param name="bytes">What comes next; afterwards, what is behind the pong that was found.</param>
    /// <returns>Whether one was found; otherwise nothing is left of the bytes.</returns>
    public bool TryFind(ref ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_headerUsed < HeaderBytes)
            {
                _header[_headerUsed++] = bytes[0];
                bytes = bytes[1..];
            }
            else
            {
                var part = bytes[..(int)Math.Min(bytes.Length, PayloadBytes - _passed)];
                Pass(part);
                bytes = bytes[part.Length..];
            }

            if (_headerUsed == HeaderBytes && _passed == PayloadBytes)
            {
                var found = IsPong;
                _headerUsed = 0;
                _passed = 0;
                if (found)
                {
                    return true;
                }
            }
        }

        return false;
    }

    private bool IsPong => (_header[0] & 0x0F) == Pong && PayloadBytes == _content.Length;

    private bool IsMasked => (_header[1] & 0x80) != 0;

    private int LengthBytes => (_header[1] & 0x7F) switch
    {
        126 => 2,
        127 => 8,
        _ => 0,
    };

    private int HeaderBytes => _headerUsed < ShortHeaderBytes ? ShortHeaderBytes : ShortHeaderBytes + LengthBytes + (IsMasked ? MaskBytes : 0);

    private long PayloadBytes
    {
        get
        {
            long length = _header[1] & 0x7F;
            if (LengthBytes == 0)
            {
                return length;
            }

            length = 0;
            foreach (var digit in _header.AsSpan(ShortHeaderBytes, LengthBytes))
            {
                length = (length << 8) | digit;
            }

            return length & long.MaxValue;
        }
    }

    private void Pass(ReadOnlySpan<byte> part)
    {
        if (IsPong)
        {
            var mask = IsMasked ? _header.AsSpan(HeaderBytes - MaskBytes, MaskBytes) : default;
            for (var i = 0; i < part.Length; i++)
            {
                var place = (int)_passed + i;
                _content[place] = (byte)(part[i] ^ (mask.IsEmpty ? 0 : mask[place % MaskBytes]));
            }
        }

        _passed += part.Length;
    }
}
