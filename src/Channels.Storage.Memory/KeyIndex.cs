namespace Channels.Storage.Memory;

/// <summary>Idempotency keys of an instance, each with the message that it stands for. Guarded by the instance's lock.</summary>
internal sealed class KeyIndex
{
    private const int FixedBytes = 128;

    private readonly Dictionary<KeyId, Remembered> _keys = [];
    private readonly PriorityQueue<KeyId, long> _byExpiry = new();

    public int Count => _keys.Count;

    /// <summary>What the keys and their messages count against the byte cap.</summary>
    public long Bytes { get; private set; }

    public ChannelMessage? Find(AddressLog log, AppendEntry entry, DateTimeOffset now) =>
        _keys.TryGetValue(KeyId.Of(log, entry), out var remembered) && remembered.ExpiresAt > now.UtcTicks ? remembered.Message : null;

    public void Add(AddressLog log, AppendEntry entry, ChannelMessage message, DateTimeOffset expiresAt)
    {
        var key = KeyId.Of(log, entry);
        Remove(key);
        _keys.Add(key, new(message, expiresAt.UtcTicks));
        _byExpiry.Enqueue(key, expiresAt.UtcTicks);
        Bytes += BytesOf(key, message);
        log.KeyCount++;
    }

    /// <summary>Removes keys whose window has closed.</summary>
    /// <returns>How many steps it took; fewer than <paramref name="limit"/> when nothing is left to remove.</returns>
    public int RemoveExpired(DateTimeOffset now, int limit)
    {
        var steps = 0;
        while (steps < limit && _byExpiry.TryPeek(out _, out var expiresAt) && expiresAt <= now.UtcTicks)
        {
            RemoveNext();
            steps++;
        }

        return steps;
    }

    /// <summary>Forgets the key whose window closes first.</summary>
    public void RemoveOldest()
    {
        var count = Count;
        while (count > 0 && Count == count)
        {
            RemoveNext();
        }
    }

    // A key that was used again after its window has an entry in the queue for each time.
    private void RemoveNext()
    {
        if (_byExpiry.TryDequeue(out var key, out var expiresAt) && _keys.TryGetValue(key, out var remembered) && remembered.ExpiresAt == expiresAt)
        {
            Remove(key);
        }
    }

    private void Remove(in KeyId key)
    {
        if (_keys.Remove(key, out var remembered))
        {
            Bytes -= BytesOf(key, remembered.Message);
            key.Log.KeyCount--;
        }
    }

    private static long BytesOf(in KeyId key, ChannelMessage message) => FixedBytes + (sizeof(char) * key.Key.Length) + MessageSize.Of(message);

    private readonly record struct Remembered(ChannelMessage Message, long ExpiresAt);

    // A recreated channel has other logs: keys of the deleted one find nothing.
    private readonly record struct KeyId(AddressLog Log, MessageAuthor Author, string Key)
    {
        public static KeyId Of(AddressLog log, AppendEntry entry) => new(log, entry.Author, entry.Draft.IdempotencyKey!);
    }
}
