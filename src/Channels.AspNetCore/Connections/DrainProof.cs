using System.Security.Cryptography;

namespace Channels.AspNetCore.Connections;

/// <summary>
/// Shows that a client has received everything that was written to it. A ping is written behind a frame; bytes arrive in order, so that
/// a pong with its content, which cannot be guessed, says that all before it has arrived. It counts if nothing was written since.
/// A client that is written to without a pause is asked again, ever more rarely; one that does not answer is not asked again.
/// </summary>
internal sealed class DrainProof
{
    private const int ContentBytes = 16;
    private const int MostWritesBetween = 64;
    private const byte Close = 0x88;
    private const byte Ping = 0x89;

    // Longer than the pings of the WebSocket itself, which knows its answers by their length.
    private readonly byte[] _ping = new byte[2 + ContentBytes];
    private readonly PongScanner _scanner = new(ContentBytes);
    private long _writes;
    private long _nextPing = 1;
    private bool _closed;
    private volatile bool _waits;
    private long _pinged;
    private long _answered;

    /// <summary>Whether everything that was written has arrived, and there was something.</summary>
    public bool IsGiven => _writes > 0 && Volatile.Read(ref _answered) == _writes;

    /// <summary>Takes note of frames that were written.</summary>
    /// <returns>A ping to write behind them, valid until the next call; empty for none.</returns>
    public ReadOnlyMemory<byte> OnWritten(ReadOnlySpan<byte> frames)
    {
        _writes++;
        _closed |= frames.Length > 0 && frames[0] == Close;
        if (_closed || _waits || _writes < _nextPing)
        {
            return default;
        }

        _nextPing = _writes + Math.Min(_writes, MostWritesBetween);
        _ping[0] = Ping;
        _ping[1] = ContentBytes;
        RandomNumberGenerator.Fill(_ping.AsSpan(2));
        Volatile.Write(ref _pinged, _writes);
        _waits = true;
        return _ping;
    }

    /// <summary>Takes note of what came from the client; on one thread at a time, and meanwhile others may write.</summary>
    public void OnReceived(ReadOnlySpan<byte> bytes)
    {
        while (_scanner.TryFind(ref bytes))
        {
            // A ping stays as it is while its answer is awaited.
            if (_waits && _scanner.Content.SequenceEqual(_ping.AsSpan(2)))
            {
                Volatile.Write(ref _answered, Volatile.Read(ref _pinged));
                _waits = false;
            }
        }
    }
}
