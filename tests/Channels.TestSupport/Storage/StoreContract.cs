using System.Text;
using Channels.Testing;

namespace Channels.TestSupport.Storage;

/// <summary>Opens a store for each test, and asks it in few words.</summary>
public abstract class StoreContract : IAsyncLifetime
{
    protected const string Instance = ChannelAddress.DefaultInstance;

    protected ManualTimeProvider Time { get; } = new();

    protected DateTimeOffset Now => Time.GetUtcNow();

    protected IMessageStore Messages { get; private set; } = null!;

    protected IChannelStore Channels { get; private set; } = null!;

    /// <summary>Whether what is stored is still there when the store is closed and opened again.</summary>
    protected virtual bool IsDurable => false;

    /// <summary>Opens the store of this test; a durable one on the same data each time.</summary>
    protected abstract ValueTask<(IMessageStore Messages, IChannelStore Channels)> OpenAsync(TimeProvider time);

    public virtual async ValueTask InitializeAsync() => (Messages, Channels) = await OpenAsync(Time).Within();

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await CloseAsync();
    }

    protected async Task ReopenAsync()
    {
        await CloseAsync();
        (Messages, Channels) = await OpenAsync(Time).Within();
    }

    protected async Task<AppendResult> AppendAsync(params TestEntry[] entries) => await AppendToAsync(Instance, entries);

    protected async Task<AppendResult> AppendToAsync(string instance, params TestEntry[] entries)
    {
        var now = Now;
        return await Messages.AppendAsync(instance, Array.ConvertAll(entries, entry => entry.Build(now)), default).Within();
    }

    /// <summary>Appends one entry that is expected to be stored.</summary>
    protected async Task<ChannelMessage> StoreAsync(TestEntry entry)
    {
        var outcome = Assert.Single((await AppendToAsync(entry.Address.Instance, entry)).Outcomes);
        Assert.Equal(AppendStatus.Stored, outcome.Status);
        return Assert.IsType<ChannelMessage>(outcome.Message);
    }

    /// <summary>Appends messages with the payloads 1, 2, … to an address, one batch each.</summary>
    protected async Task<ChannelMessage[]> StoreManyAsync(ChannelAddress address, int count)
    {
        var messages = new ChannelMessage[count];
        for (var i = 0; i < count; i++)
        {
            messages[i] = await StoreAsync(new(address, $"{i + 1}"));
        }

        return messages;
    }

    protected async Task<MessageSlice> ReadAsync(ChannelAddress address, MessageCursor after = default, int limit = 1000) =>
        await Messages.ReadAfterAsync(address.Instance, [new(address, after)], limit, default).Within();

    /// <summary>Ids of the visible messages of an address, ascending.</summary>
    protected async Task<long[]> IdsAsync(ChannelAddress address) => Ids((await ReadAsync(address)).Messages);

    protected async Task<MessageCursor> RemovedThroughAsync(ChannelAddress address) => Assert.Single((await ReadAsync(address)).RemovedThrough);

    protected async Task<StoreHead> HeadAsync(string instance = Instance) => await Messages.GetHeadAsync(instance, default).Within();

    protected async Task<MessageSlice> ReadInstanceAsync(MessageCursor after = default, int limit = 1000) =>
        await Messages.ReadInstanceAfterAsync(Instance, after, limit, default).Within();

    protected async Task<IReadOnlyList<ChannelMessage>> ReadPageAsync(PageQuery query) => await Messages.ReadPageAsync(query, default).Within();

    protected async Task<int> RemoveAsync(ChannelAddress address) => await Messages.RemoveAsync(address, default).Within();

    protected async Task<int> RemoveExpiredAsync(int limit = 1000) => await Messages.RemoveExpiredAsync(limit, default).Within();

    protected async Task<ChannelDescriptor> CreateAsync(string name, string instance = Instance)
    {
        var created = await Channels.CreateAsync(new() { Name = name, Instance = instance, CreatedAt = Now, UpdatedAt = Now }, default).Within();
        return Assert.IsType<ChannelDescriptor>(created);
    }

    protected async Task<bool> DeleteAsync(string name) => await Channels.DeleteAsync(Instance, name, default).Within();

    protected static long[] Ids(IEnumerable<ChannelMessage> messages) => [.. messages.Select(message => message.Id)];

    protected static string Text(ChannelMessage message) => Encoding.UTF8.GetString(message.Payload.Span);

    /// <summary>Compares everything; payload and wire extras by their bytes.</summary>
    protected static void AssertSame(ChannelMessage expected, ChannelMessage? actual)
    {
        Assert.NotNull(actual);
        Assert.Equal(expected.Payload.ToArray(), actual.Payload.ToArray());
        Assert.Equal(expected.Attributes.WireExtras.ToArray(), actual.Attributes.WireExtras.ToArray());
        Assert.Equal(
            expected,
            actual with { Payload = expected.Payload, Attributes = actual.Attributes with { WireExtras = expected.Attributes.WireExtras } });
    }

    private async Task CloseAsync()
    {
        foreach (var store in new HashSet<object>([Messages, Channels], ReferenceEqualityComparer.Instance))
        {
            await ((store as IAsyncDisposable)?.DisposeAsync() ?? default).Within();
        }
    }
}
