using Channels.Storage.Memory;
using Channels.TestSupport.Storage;

namespace Channels.Storage.Tests;

public sealed class MemoryDataObjectStoreTests : DataObjectStoreContract
{
    protected override ValueTask<(IMessageStore Messages, IChannelStore Channels)> OpenAsync(TimeProvider time)
    {
        var store = new MemoryStore(time);
        return new((store, store));
    }
}
