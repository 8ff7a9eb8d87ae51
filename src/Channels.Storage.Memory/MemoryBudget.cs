namespace Channels.Storage.Memory;

/// <summary>What all instances of a store hold together, and how much they may; thread-safe.</summary>
internal sealed class MemoryBudget(long maxBytes, long maxKeys)
{
    private long _bytes;
    private long _keys;

    /// <summary>How much is freed beyond the cap at once, so that an append at the cap seldom has to look for room.</summary>
    private readonly long _slack = maxBytes / 1024;

    /// <summary>How much of the cap idempotency keys may hold before they give way to messages.</summary>
    public long KeyShare { get; } = maxBytes / 4;

    /// <summary>Bytes to free; 0 as long as the cap is kept.</summary>
    public long ExcessBytes => Volatile.Read(ref _bytes) is var bytes && bytes > maxBytes ? bytes - maxBytes + _slack : 0;

    /// <summary>Keys to forget; 0 as long as the bound is kept.</summary>
    public long ExcessKeys => Math.Max(0, Volatile.Read(ref _keys) - maxKeys);

    public void Change(long bytes, long keys)
    {
        if (bytes != 0)
        {
            Interlocked.Add(ref _bytes, bytes);
        }

        if (keys != 0)
        {
            Interlocked.Add(ref _keys, keys);
        }
    }
}
