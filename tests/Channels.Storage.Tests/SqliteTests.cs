using System.Text;
using Channels.Storage.Sqlite;
using Channels.Testing;
using Channels.TestSupport;
using Channels.TestSupport.Storage;
using Microsoft.Data.Sqlite;

namespace Channels.Storage.Tests;

/// <summary>A folder, a clock and stores on files in the folder, closed at the end.</summary>
public abstract class SqliteTests : IAsyncDisposable
{
    protected const string Instance = ChannelAddress.DefaultInstance;

    private readonly TempFolder _folder = new();
    private readonly List<SqliteStore> _stores = [];

    protected ManualTimeProvider Time { get; } = new();

    protected string Database => Path("channels.db");

    protected string SideFile => Database + ".ids";

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (var store in _stores)
        {
            await store.DisposeAsync().Within();
        }

        _folder.Dispose();
    }

    protected string Path(string name) => _folder.File(name);

    protected SqliteStore NewStore(Action<SqliteStorageOptions>? configure = null)
    {
        var options = new SqliteStorageOptions { DataSource = Database };
        configure?.Invoke(options);
        var store = new SqliteStore(options, Time);
        _stores.Add(store);
        return store;
    }

    /// <summary>Appends messages with payloads 1, 2, … to an address, one batch each.</summary>
    protected async Task<ChannelMessage[]> StoreAsync(SqliteStore store, int count, string channel = "a")
    {
        var messages = new ChannelMessage[count];
        for (var i = 0; i < count; i++)
        {
            messages[i] = (await AppendAsync(store, new TestEntry(channel, $"{i + 1}"))).Outcomes[0].Message!;
        }

        return messages;
    }

    protected Task<AppendResult> AppendAsync(SqliteStore store, params TestEntry[] entries) => AppendToAsync(store, Instance, entries);

    protected async Task<AppendResult> AppendToAsync(SqliteStore store, string instance, params TestEntry[] entries) =>
        await store.AppendAsync(instance, Array.ConvertAll(entries, entry => entry.Build(Time.GetUtcNow())), default).Within();

    protected static async Task<long[]> IdsAsync(SqliteStore store) =>
        [.. (await store.ReadInstanceAfterAsync(Instance, default, 1000, default).Within()).Messages.Select(message => message.Id)];

    protected static async Task<StoreHead> HeadAsync(SqliteStore store) => await store.GetHeadAsync(Instance, default).Within();

    protected static Task<ChannelStoreException> AssertFailsAsync(Func<Task> call) => Assert.ThrowsAsync<ChannelStoreException>(call);

    protected static string Text(ChannelMessage message) => Encoding.UTF8.GetString(message.Payload.Span);

    /// <summary>Copies the database with its companions, as a power failure would leave them when the store is still open.</summary>
    protected void CopyFiles(string target)
    {
        foreach (var suffix in new[] { "", "-wal", ".ids" })
        {
            if (File.Exists(Database + suffix))
            {
                File.Copy(Database + suffix, Path(target) + suffix, overwrite: true);
            }
        }
    }

    protected static void Execute(string path, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
