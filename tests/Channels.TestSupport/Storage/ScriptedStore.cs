using System.Collections.Concurrent;
using Channels.Storage.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Channels.TestSupport.Storage;

/// <summary>A memory store whose operations a test can delay, let fail before or after they happened, or interleave with those of another node.</summary>
public sealed class ScriptedStore(MemoryStore inner) : IMessageStore, IChannelStore
{
    /// <summary>The store itself; what is appended to it directly comes from another node.</summary>
    public MemoryStore Inner { get; } = inner;

    /// <summary>Stands in for an append: gets the batch and what commits it.</summary>
    public Func<IReadOnlyList<AppendEntry>, Func<ValueTask<AppendResult>>, ValueTask<AppendResult>>? OnAppend { get; set; }

    /// <summary>Runs before a read of messages, channels or heads, which its name tells.</summary>
    public Func<string, Task>? BeforeRead { get; set; }

    /// <summary>Runs between such a read and its answer.</summary>
    public Func<string, Task>? AfterRead { get; set; }

    /// <summary>Runs before a change of a channel or a removal, which its name tells.</summary>
    public Func<string, Task>? BeforeChange { get; set; }

    /// <summary>Runs between a change of a channel or a removal, which its name tells, and its answer; whoever stops waiting is answered at once.</summary>
    public Func<string, Task>? AfterChange { get; set; }

    /// <summary>How many entries each append had.</summary>
    public ConcurrentQueue<int> Batches { get; } = new();

    public ValueTask<AppendResult> AppendAsync(string instance, IReadOnlyList<AppendEntry> batch, CancellationToken cancellationToken)
    {
        Batches.Enqueue(batch.Count);
        return OnAppend is { } script
            ? script(batch, () => Inner.AppendAsync(instance, batch, cancellationToken))
            : Inner.AppendAsync(instance, batch, cancellationToken);
    }

    public ValueTask<MessageSlice> ReadAfterAsync(
        string instance, IReadOnlyList<ReadPosition> positions, int limit, CancellationToken cancellationToken) =>
        ReadAsync(nameof(ReadAfterAsync), () => Inner.ReadAfterAsync(instance, positions, limit, cancellationToken));

    public ValueTask<MessageSlice> ReadInstanceAfterAsync(string instance, MessageCursor after, int limit, CancellationToken cancellationToken) =>
        ReadAsync(nameof(ReadInstanceAfterAsync), () => Inner.ReadInstanceAfterAsync(instance, after, limit, cancellationToken));

    public ValueTask<IReadOnlyList<ChannelMessage>> ReadPageAsync(PageQuery query, CancellationToken cancellationToken) =>
        ReadAsync(nameof(ReadPageAsync), () => Inner.ReadPageAsync(query, cancellationToken));

    public ValueTask<MessageCursor> FindAsync(string instance, DateTimeOffset time, CancellationToken cancellationToken) =>
        ReadAsync(nameof(FindAsync), () => Inner.FindAsync(instance, time, cancellationToken));

    public ValueTask<int> RemoveExpiredAsync(int limit, CancellationToken cancellationToken) =>
        ReadAsync(nameof(RemoveExpiredAsync), () => Inner.RemoveExpiredAsync(limit, cancellationToken));

    public ValueTask<int> RemoveAsync(ChannelAddress address, CancellationToken cancellationToken) =>
        ChangeAsync(nameof(RemoveAsync), () => Inner.RemoveAsync(address, cancellationToken), cancellationToken);

    public ValueTask<StoreHead> GetHeadAsync(string instance, CancellationToken cancellationToken) =>
        ReadAsync(nameof(GetHeadAsync), () => Inner.GetHeadAsync(instance, cancellationToken));

    public ValueTask<ChannelDescriptor?> GetAsync(string instance, string name, CancellationToken cancellationToken) =>
        ReadAsync(nameof(GetAsync), () => Inner.GetAsync(instance, name, cancellationToken));

    public ValueTask<IReadOnlyList<ChannelDescriptor>> ListAsync(string instance, ChannelListQuery query, CancellationToken cancellationToken) =>
        Inner.ListAsync(instance, query, cancellationToken);

    public ValueTask<ChannelDescriptor?> CreateAsync(ChannelDescriptor descriptor, CancellationToken cancellationToken) =>
        ChangeAsync(nameof(CreateAsync), () => Inner.CreateAsync(descriptor, cancellationToken), cancellationToken);

    public ValueTask<ChannelDescriptor?> UpdateAsync(ChannelDescriptor descriptor, CancellationToken cancellationToken) =>
        ChangeAsync(nameof(UpdateAsync), () => Inner.UpdateAsync(descriptor, cancellationToken), cancellationToken);

    public ValueTask<bool> DeleteAsync(string instance, string name, CancellationToken cancellationToken) =>
        ChangeAsync(nameof(DeleteAsync), () => Inner.DeleteAsync(instance, name, cancellationToken), cancellationToken);

    private async ValueTask<T> ChangeAsync<T>(string operation, Func<ValueTask<T>> change, CancellationToken cancellationToken)
    {
        await (BeforeChange?.Invoke(operation) ?? Task.CompletedTask);
        var result = await change();
        await (AfterChange?.Invoke(operation) ?? Task.CompletedTask).WaitAsync(cancellationToken);
        return result;
    }

    private async ValueTask<T> ReadAsync<T>(string operation, Func<ValueTask<T>> read)
    {
        await (BeforeRead?.Invoke(operation) ?? Task.CompletedTask);
        var result = await read();
        await (AfterRead?.Invoke(operation) ?? Task.CompletedTask);
        return result;
    }
}

public static class ScriptedStoreExtensions
{
    public static IChannelsBuilder UseScriptedStorage(this IChannelsBuilder builder, ScriptedStore store)
    {
        builder.Services.RemoveAll<IMessageStore>().AddSingleton<IMessageStore>(store);
        builder.Services.RemoveAll<IChannelStore>().AddSingleton<IChannelStore>(store);
        return builder;
    }
}
