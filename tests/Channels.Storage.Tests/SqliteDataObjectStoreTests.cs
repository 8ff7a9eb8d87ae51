using Channels.Storage.Sqlite;
using Channels.TestSupport.Storage;

namespace Channels.Storage.Tests;

public sealed class SqliteDataObjectStoreTests : DataObjectStoreContract
{
    private readonly TempFolder _folder = new();

    protected override bool IsDurable => true;

    protected override ValueTask<(IMessageStore Messages, IChannelStore Channels)> OpenAsync(TimeProvider time)
    {
        var store = new SqliteStore(new() { DataSource = _folder.File("channels.db") }, time);
        return new((store, store));
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }
}
