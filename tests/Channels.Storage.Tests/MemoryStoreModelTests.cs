using Channels.Storage.Memory;

namespace Channels.Storage.Tests;

public sealed class MemoryStoreModelTests : StoreModelTests
{
    protected override int Steps => 1500;

    protected override ValueTask<(IMessageStore Messages, IChannelStore Channels)> OpenAsync(TimeProvider time)
    {
        var store = new MemoryStore(time);
        return new((store, store));
    }
}
