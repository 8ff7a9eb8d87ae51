using Microsoft.Win32.SafeHandles;

namespace Channels.Storage.Sqlite.Ids;

/// <summary>
/// The side file <c>&lt;database&gt;.ids</c>: for each instance a pair of records of which the newer one counts. A write goes to the older
/// one and is forced to disk, so that a torn write leaves the record before it.
/// </summary>
internal sealed class IdFile : IDisposable
{
    private const int PairSize = 2 * IdRecord.Size;
    private readonly SafeFileHandle _file;
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private long _pairs;

    private IdFile(SafeFileHandle file, bool existed)
    {
        _file = file;
        Existed = existed;
    }

    /// <summary>Whether the file was there before.</summary>
    public bool Existed { get; }

    /// <summary>How many records could not be read; each was torn or damaged.</summary>
    public int DamagedRecords { get; private set; }

    /// <summary>Opens or makes the file.</summary>
    /// <param name="path">Path of the side file.</param>
    /// <param name="blockSize">What a reservation whose record is torn may have added to the one before it.</param>
    public static IdFile Open(string path, int blockSize)
    {
        var existed = File.Exists(path);
        var handle = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        var file = new IdFile(handle, existed);
        try
        {
            file.ReadAll(blockSize);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public IdRecord? Find(string instance) => _entries.TryGetValue(instance, out var entry) ? entry.Record : null;

    /// <summary>Writes records, at most one for an instance, and forces them to disk.</summary>
    public void Write(params ReadOnlySpan<IdRecord> records)
    {
        var written = new List<Entry>(records.Length);
        foreach (var record in records)
        {
            var entry = _entries.TryGetValue(record.Instance, out var earlier) ? earlier : new Entry(_pairs++, 0, record);
            var sequence = entry.Sequence + 1;
            RandomAccess.Write(_file, record.Encode(sequence), (entry.Pair * PairSize) + (sequence % 2 * IdRecord.Size));
            written.Add(entry with { Sequence = sequence, Record = record });
        }

        RandomAccess.FlushToDisk(_file);

        // Only now: after a failure the next write goes to the same, possibly torn, record and leaves the good one.
        foreach (var entry in written)
        {
            _entries[entry.Record.Instance] = entry;
        }
    }

    public void Dispose() => _file.Dispose();

    private void ReadAll(int blockSize)
    {
        var bytes = new byte[RandomAccess.GetLength(_file)];
        for (var read = 0; read < bytes.Length;)
        {
            var count = RandomAccess.Read(_file, bytes.AsSpan(read), read);
            if (count == 0)
            {
                break;
            }

            read += count;
        }

        _pairs = (bytes.Length + PairSize - 1) / PairSize;
        for (var pair = 0L; pair < _pairs; pair++)
        {
            var start = (int)(pair * PairSize);
            ReadPair(pair, bytes.AsSpan(start, Math.Min(PairSize, bytes.Length - start)), blockSize);
        }
    }

    private void ReadPair(long pair, ReadOnlySpan<byte> bytes, int blockSize)
    {
        var damagedBefore = DamagedRecords;
        var first = ReadRecord(bytes, 0);
        var second = ReadRecord(bytes, IdRecord.Size);
        var newer = first is null || second?.Sequence > first.Value.Sequence ? second : first;
        if (newer is not { } found)
        {
            return;
        }

        var record = found.Record;
        if (DamagedRecords > damagedBefore)
        {
            // The torn record may be newer than this one: it reserved one block more, or was the exact head.
            record = record with { ReservedThrough = record.ReservedThrough + blockSize, CleanHead = IdRecord.InUse };
        }

        _entries[record.Instance] = new Entry(pair, found.Sequence, record);
    }

    private (IdRecord Record, long Sequence)? ReadRecord(ReadOnlySpan<byte> pair, int offset)
    {
        var bytes = pair[Math.Min(offset, pair.Length)..Math.Min(offset + IdRecord.Size, pair.Length)];
        if (bytes.Length == IdRecord.Size && IdRecord.Decode(bytes) is { } found)
        {
            return found;
        }

        // Zeros and a file that ends here are a record that was never written.
        if (bytes.ContainsAnyExcept((byte)0))
        {
            DamagedRecords++;
        }

        return null;
    }

    private sealed record Entry(long Pair, long Sequence, IdRecord Record);
}
