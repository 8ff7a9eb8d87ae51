using Channels.Storage.Memory;
using Channels.Testing;
using Channels.TestSupport.Storage;

namespace Channels.Storage.Tests;

public sealed class MemoryPresenceStoreTests : PresenceStoreContract
{
    protected override ValueTask<IPresenceStore> CreateAsync(ManualTimeProvider time) => new(new MemoryPresenceStore(time));
}
