namespace Channels.Storage.Memory;

/// <summary>Bounds of what a <see cref="MemoryStore"/> holds.</summary>
public sealed class MemoryStorageOptions
{
    /// <summary>
    /// How many bytes of messages are kept over all instances: payloads, names, wire extras and a fixed 256 bytes for each message. What an idempotency key
    /// remembers counts too; data objects, which are never removed to make room, do not. Default 256 MiB, at least 1 MiB. Past it the oldest messages of the instance that holds most are removed.
    /// </summary>
    public long MaxBytes { get; set; } = 256L * 1024 * 1024;

    /// <summary>How many idempotency keys are remembered over all instances; past it the one that ends first is forgotten. Default 1,000,000, at least 1.</summary>
    public int MaxIdempotencyKeys { get; set; } = 1_000_000;

    /// <summary>
    /// How many addresses without messages are remembered in each instance, for the position that was removed there. Default 100,000, at least 0. Past it
    /// the one that has been empty longest is forgotten, and a position before its last message counts as behind a gap on every address not known.
    /// </summary>
    public int MaxEmptyAddresses { get; set; } = 100_000;
}
