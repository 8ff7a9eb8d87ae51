using System.Buffers.Text;

namespace Channels.LoadTest.Client;

/// <summary>Finds the published payloads in what a server sends, whatever it wraps around them, also in strings, where quotes are escaped.</summary>
internal sealed class MessageScanner
{
    /// <summary>From the first name of a payload to the end of its numbers, with every quote escaped; what follows is longer than the difference.</summary>
    private const int Length = 3 + 3 + LoadMessage.SeqDigits + 8 + LoadMessage.AtDigits;

    private static ReadOnlySpan<byte> SeqName => LoadMessage.SeqName[2..^2];

    private readonly byte[] _carry = new byte[2 * Length];
    private int _carried;

    /// <summary>Takes the next payload from the front of some bytes.</summary>
    /// <param name="bytes">Shortened to what follows; what cannot hold a whole payload any more is left.</param>
    /// <param name="sequence">Place in the channel, from 0.</param>
    /// <param name="timestamp">When it was published.</param>
    public static bool TryTake(ref ReadOnlySpan<byte> bytes, out long sequence, out long timestamp)
    {
        (sequence, timestamp) = (0, 0);
        var start = IndexOfName(bytes);
        if (start < 0 || bytes.Length - start < Length)
        {
            bytes = bytes[(start < 0 ? Math.Max(0, bytes.Length - Length + 1) : start)..];
            return false;
        }

        var escapes = bytes[start + SeqName.Length] == (byte)'\\' ? 1 : 0;
        var numbers = bytes[(start + SeqName.Length + 2 + escapes)..];
        var at = LoadMessage.SeqDigits + LoadMessage.AtName.Length + (2 * escapes);
        var isPayload = Utf8Parser.TryParse(numbers[..LoadMessage.SeqDigits], out sequence, out _)
            & Utf8Parser.TryParse(numbers.Slice(at, LoadMessage.AtDigits), out timestamp, out _);
        if (!isPayload)
        {
            throw new InvalidDataException("A payload does not look as it was published.");
        }

        sequence -= LoadMessage.FirstSeq;
        timestamp -= LoadMessage.FirstAt;
        bytes = bytes[(start + Length)..];
        return true;
    }

    /// <summary>Where a payload's first name may be. The letters alone say little: secrets of connections have them too.</summary>
    private static int IndexOfName(ReadOnlySpan<byte> bytes)
    {
        for (var from = 0; bytes[from..].IndexOf(SeqName) is >= 0 and var found;)
        {
            var rest = bytes[(from + found + SeqName.Length)..];
            if (rest.StartsWith("\":"u8) || rest.StartsWith("\\\":"u8) || rest.Length < 3)
            {
                return from + found;
            }

            from += found + SeqName.Length;
        }

        return -1;
    }

    /// <summary>Takes the next payload of a message that may arrive in parts.</summary>
    /// <param name="part">Shortened to what follows; empty when nothing more can be taken from it.</param>
    /// <param name="endsMessage">Whether the message ends with this part. No payload spans two messages.</param>
    /// <param name="sequence">Place in the channel, from 0.</param>
    /// <param name="timestamp">When it was published.</param>
    public bool TryTake(ref ReadOnlySpan<byte> part, bool endsMessage, out long sequence, out long timestamp)
    {
        if (_carried > 0 && TryTakeCarried(ref part, out sequence, out timestamp))
        {
            return true;
        }

        if (TryTake(ref part, out sequence, out timestamp))
        {
            return true;
        }

        if (endsMessage)
        {
            _carried = 0;
        }
        else if (!part.IsEmpty)
        {
            Keep(part);
        }

        part = default;
        return false;
    }

    /// <summary>Looks for a payload that began in the part before.</summary>
    private bool TryTakeCarried(ref ReadOnlySpan<byte> part, out long sequence, out long timestamp)
    {
        var added = Math.Min(part.Length, _carry.Length - _carried);
        part[..added].CopyTo(_carry.AsSpan(_carried));
        ReadOnlySpan<byte> joined = _carry.AsSpan(0, _carried + added);
        var rest = joined;
        if (TryTake(ref rest, out sequence, out timestamp))
        {
            part = part[(added - rest.Length)..];
            _carried = 0;
            return true;
        }

        // A part too short to complete what was carried stays with it; otherwise the payload, if any, begins in the part itself.
        if (added == part.Length)
        {
            Keep(rest);
            part = default;
        }
        else
        {
            _carried = 0;
        }

        return false;
    }

    private void Keep(ReadOnlySpan<byte> rest)
    {
        rest.CopyTo(_carry);
        _carried = rest.Length;
    }
}
