using System.Collections.Concurrent;

namespace Channels.Storage.Memory;

/// <summary>
/// Messages, descriptors and data objects in memory. Every call completes synchronously and takes one lock, that of its instance; service providers that are given
/// the same store share one log.
/// </summary>
/// <remarks>
/// The ids of an instance count on from the number of 100-ns ticks between 2020 and its first use, so that a later process continues above an earlier
/// one unless the clock was set back between the two. They are exact in JavaScript until 2048.
/// </remarks>
public sealed partial class MemoryStore : IMessageStore, IChannelStore, IDataObjectStore
{
    private const int KeysPerStep = 1000;

    private readonly ConcurrentDictionary<string, InstanceLog> _instances = new(StringComparer.Ordinal);
    private readonly TimeProvider _time;
    private readonly MemoryBudget _budget;
    private readonly int _maxEmptyAddresses;

    // Most hosts have one instance: its name is compared instead of looked up.
    private volatile InstanceLog? _recent;

    /// <summary>Makes an empty store.</summary>
    /// <param name="time">Clock that gives times and ends retention.</param>
    /// <param name="options">Bounds; <see langword="null"/> for the defaults. Later changes have no effect.</param>
    public MemoryStore(TimeProvider time, MemoryStorageOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(time);
        options ??= new();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxBytes, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxIdempotencyKeys, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxEmptyAddresses, 0, nameof(options));
        _time = time;
        _budget = new(options.MaxBytes, options.MaxIdempotencyKeys);
        _maxEmptyAddresses = options.MaxEmptyAddresses;
    }

    /// <inheritdoc/>
    public ValueTask<AppendResult> AppendAsync(string instance, IReadOnlyList<AppendEntry> batch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentOutOfRangeException.ThrowIfLessThan(batch.Count, 1, nameof(batch));
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<AppendResult>(cancellationToken);
        }

        var result = Get(instance).Append(batch, _time.GetUtcNow());
        MakeRoom();
        return new(result);
    }

    /// <inheritdoc/>
    public ValueTask<MessageSlice> ReadAfterAsync(
        string instance, IReadOnlyList<ReadPosition> positions, int limit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(positions);
        ArgumentOutOfRangeException.ThrowIfLessThan(positions.Count, 1, nameof(positions));
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled<MessageSlice>(cancellationToken)
            : new(Get(instance).ReadAfter(positions, limit, _time.GetUtcNow()));
    }

    /// <inheritdoc/>
    public ValueTask<MessageSlice> ReadInstanceAfterAsync(string instance, MessageCursor after, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled<MessageSlice>(cancellationToken)
            : new(Get(instance).ReadInstanceAfter(after, limit, _time.GetUtcNow()));
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ChannelMessage>> ReadPageAsync(PageQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Limit, 1, nameof(query));
        return cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled<IReadOnlyList<ChannelMessage>>(cancellationToken)
            : new(Get(query.Address.Instance).ReadPage(query, _time.GetUtcNow()));
    }

    /// <inheritdoc/>
    public ValueTask<MessageCursor> FindAsync(string instance, DateTimeOffset time, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled<MessageCursor>(cancellationToken)
            : new(Get(instance).Find(time));

    /// <inheritdoc/>
    public ValueTask<int> RemoveExpiredAsync(int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<int>(cancellationToken);
        }

        var now = _time.GetUtcNow();
        var count = 0;
        foreach (var (_, instance) in _instances)
        {
            count += count < limit ? instance.RemoveExpired(now, limit - count) : 0;
            while (instance.RemoveExpiredKeys(now, KeysPerStep))
            {
            }
        }

        return new(count);
    }

    /// <inheritdoc/>
    public ValueTask<int> RemoveAsync(ChannelAddress address, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled<int>(cancellationToken)
            : new(Get(address.Instance).Remove(address));

    /// <inheritdoc/>
    public ValueTask<StoreHead> GetHeadAsync(string instance, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled<StoreHead>(cancellationToken)
            : new(Get(instance).GetHead());

    /// <inheritdoc/>
    public ValueTask<ChannelDescriptor?> GetAsync(string instance, string name, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(name);
        return cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled<ChannelDescriptor?>(cancellationToken)
            : new(Get(instance).GetChannel(name));
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ChannelDescriptor>> ListAsync(string instance, ChannelListQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        return cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled<IReadOnlyList<ChannelDescriptor>>(cancellationToken)
            : new(Get(instance).ListChannels(query));
    }

    /// <inheritdoc/>
    public ValueTask<ChannelDescriptor?> CreateAsync(ChannelDescriptor descriptor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        return cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled<ChannelDescriptor?>(cancellationToken)
            : new(Get(descriptor.Instance).CreateChannel(descriptor));
    }

    /// <inheritdoc/>
    public ValueTask<ChannelDescriptor?> UpdateAsync(ChannelDescriptor descriptor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        return cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled<ChannelDescriptor?>(cancellationToken)
            : new(Get(descriptor.Instance).UpdateChannel(descriptor));
    }

    /// <inheritdoc/>
    public ValueTask<bool> DeleteAsync(string instance, string name, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(name);
        return cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled<bool>(cancellationToken)
            : new(Get(instance).DeleteChannel(name));
    }

    private InstanceLog Get(string instance)
    {
        ArgumentNullException.ThrowIfNull(instance);
        if (_recent is { } recent && recent.Name == instance)
        {
            return recent;
        }

        return _recent = _instances.GetOrAdd(
            instance, static (name, store) => new(name, store._budget, store._maxEmptyAddresses, store._time.GetUtcNow()), this);
    }

    private void MakeRoom()
    {
        while (_budget.ExcessBytes is > 0 and var bytes && _instances.Values.MaxBy(static instance => instance.Bytes) is { } largest)
        {
            if (!largest.FreeBytes(bytes))
            {
                break;
            }
        }

        while (_budget.ExcessKeys is > 0 and var keys && _instances.Values.MaxBy(static instance => instance.KeyCount) is { } largest)
        {
            if (!largest.ForgetKeys(keys))
            {
                break;
            }
        }
    }
}
