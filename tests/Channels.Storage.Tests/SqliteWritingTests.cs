using Channels.Storage.Sqlite;
using Channels.TestSupport;
using Channels.TestSupport.Storage;
using Microsoft.Data.Sqlite;

namespace Channels.Storage.Tests;

public sealed class SqliteWritingTests : SqliteTests
{
    [Theory]
    [InlineData(SqliteSynchronous.Full)]
    [InlineData(SqliteSynchronous.Normal)]
    [InlineData(SqliteSynchronous.Off)]
    public async Task The_writing_connection_has_the_configured_durability(SqliteSynchronous synchronous)
    {
        var diagnostics = await NewStore(options => options.Synchronous = synchronous).GetDiagnosticsAsync().Within();

        Assert.Equal(synchronous, diagnostics.Synchronous);
        Assert.Equal("wal", diagnostics.JournalMode);
        Assert.Equal(2, diagnostics.SchemaVersion);
    }

    [Fact]
    public async Task Full_durability_is_the_default()
    {
        Assert.Equal(SqliteSynchronous.Full, (await NewStore().GetDiagnosticsAsync().Within()).Synchronous);
    }

    [Fact]
    public async Task Each_acknowledged_batch_is_one_commit_and_prepares_nothing()
    {
        var store = NewStore();
        await StoreAsync(store, 1);
        var before = await store.GetDiagnosticsAsync().Within();
        for (var i = 0; i < 20; i++)
        {
            await AppendAsync(store, new($"a{i}") { KeepCount = 1 }, new("b") { KeepCount = 3 }, new("c") { Key = $"k{i}", DescriptorVersion = 0 });
        }

        var after = await store.GetDiagnosticsAsync().Within();

        Assert.Equal(before with { Commits = before.Commits + 20 }, after);
    }

    [Fact]
    public async Task Transient_messages_need_no_commit()
    {
        var store = NewStore();
        await StoreAsync(store, 1);
        var before = await store.GetDiagnosticsAsync().Within();

        for (var i = 0; i < 20; i++)
        {
            await AppendAsync(store, new TestEntry("a") { IsTransient = true }, new TestEntry("b") { IsTransient = true });
        }

        Assert.Equal(before, await store.GetDiagnosticsAsync().Within());
        Assert.Equal(41, (await HeadAsync(store)).Head.Value);
        Assert.Equal(42, (await StoreAsync(store, 1))[0].Id);
    }

    [Fact]
    public async Task A_block_of_ids_is_reserved_once()
    {
        var store = NewStore(options => options.IdBlockSize = 10);
        var contents = new HashSet<string>();
        for (var i = 0; i < 30; i++)
        {
            await AppendAsync(store, new TestEntry("a") { IsTransient = true });
            contents.Add(Convert.ToHexString(await File.ReadAllBytesAsync(SideFile)));
        }

        Assert.Equal(3, contents.Count);
    }

    [Fact]
    public async Task A_bad_entry_leaves_its_neighbours_alone()
    {
        var store = NewStore();
        var first = await AppendAsync(store, new TestEntry("a", "1") { Key = "k" });

        var result = await AppendAsync(
            store,
            new("a", "2"),
            new("a", "other") { Key = "k" },
            new("a", "1") { Key = "k" },
            new("a", "3") { DescriptorVersion = 5 },
            new("a", "4"));

        Assert.Equal(
            [AppendStatus.Stored, AppendStatus.KeyConflict, AppendStatus.Duplicate, AppendStatus.StaleDescriptor, AppendStatus.Stored],
            result.Outcomes.Select(outcome => outcome.Status));
        Assert.Equal(new long[] { 1, 2, 3 }, await IdsAsync(store));
        Assert.Equal(first.Head, result.Outcomes[2].Message!.Cursor);
    }

    [Fact]
    public async Task A_full_database_refuses_appends_until_something_is_removed()
    {
        var store = NewStore(options => options.MaxDatabaseBytes = 256 * 1024);
        var big = new TestEntry("a", $"\"{new string('x', 10_000)}\"") { ExpiresIn = TimeSpan.FromMinutes(1), Key = "k" };
        var stored = 0;
        var failure = await AssertFailsAsync(async () =>
        {
            for (; stored < 100; stored++)
            {
                await AppendAsync(store, big with { Key = $"k{stored}" });
            }
        });

        Assert.Contains(Database, failure.Message, StringComparison.Ordinal);
        Assert.Contains("MaxDatabaseBytes", failure.Message, StringComparison.Ordinal);
        Assert.IsType<SqliteException>(failure.InnerException);
        Assert.InRange(stored, 10, 30);
        Assert.Equal(Enumerable.Range(1, stored).Select(id => (long)id), await IdsAsync(store));
        Assert.Equal(stored, (await HeadAsync(store)).Head.Value);
        await AssertFailsAsync(() => AppendAsync(store, big, big with { Key = null }));

        Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(stored, await store.RemoveExpiredAsync(1000, default).Within());
        var result = await AppendAsync(store, big with { Key = "new" });

        Assert.Equal(stored, result.Previous.Value);
        Assert.True(result.Head.Value > stored);
        Assert.Equal(result.Head.Value, Assert.Single(await IdsAsync(store)));
        Assert.True(new FileInfo(Database).Length <= 256 * 1024);
    }

    [Fact]
    public async Task A_batch_that_does_not_fit_leaves_nothing_and_does_not_fail_others()
    {
        var store = NewStore(options => options.MaxDatabaseBytes = 256 * 1024);
        var big = Enumerable.Repeat(new TestEntry("a", $"\"{new string('x', 10_000)}\""), 40).ToArray();
        var small = Enumerable.Range(0, 10).Select(i => $"instance {i}").ToArray();
        await StoreAsync(store, 1);

        var tasks = small.Select(name => AppendToAsync(store, name, new TestEntry(new ChannelAddress("a", null, name)))).ToList();
        var failing = AppendAsync(store, big);
        tasks.AddRange(small.Select(name => AppendToAsync(store, name, new TestEntry(new ChannelAddress("b", null, name)))));

        await AssertFailsAsync(() => failing);
        var results = await Task.WhenAll(tasks).Within();
        foreach (var name in small)
        {
            var slice = await store.ReadInstanceAfterAsync(name, default, 10, default).Within();
            Assert.Equal(["a", "b"], slice.Messages.Select(message => message.Address.Channel));
            Assert.Equal(results.Last(result => result.Outcomes[0].Message!.Address.Instance == name).Head, slice.Through);
        }

        Assert.Equal(1, Assert.Single(await IdsAsync(store)));
        Assert.Equal("1", Text((await AppendAsync(store, new TestEntry("a", "1"))).Outcomes[0].Message!));
    }

    [Fact]
    public async Task Closing_stores_what_was_accepted()
    {
        var store = NewStore();
        await HeadAsync(store);
        var appends = Enumerable.Range(0, 50).Select(i => AppendAsync(store, new TestEntry("a", $"{i}"))).ToArray();

        await store.DisposeAsync().Within();

        Assert.Equal(50, (await Task.WhenAll(appends).Within()).Max(result => result.Head.Value));
        Assert.Equal(50, (await IdsAsync(NewStore())).Length);
    }

    [Fact]
    public async Task A_closed_database_is_one_file_besides_the_lock_and_the_ids()
    {
        await using (var store = NewStore())
        {
            await StoreAsync(store, 3);
            await IdsAsync(store);
        }

        var names = Directory.GetFiles(Path("")).Select(System.IO.Path.GetFileName).Order();
        Assert.Equal(["channels.db", "channels.db.ids", "channels.db.lock"], names);
    }

    [Fact]
    public async Task Removal_goes_over_many_addresses_in_one_call()
    {
        var store = NewStore();
        await AppendAsync(store, [.. Enumerable.Range(0, 300).Select(i => new TestEntry($"a{i}") { ExpiresIn = TimeSpan.FromSeconds(1), Key = "k" })]);
        await AppendAsync(store, [.. Enumerable.Range(0, 300).Select(i => new TestEntry($"a{i}") { KeepCount = 1 })]);
        await AppendAsync(store, new TestEntry("a299") { ExpiresIn = TimeSpan.FromSeconds(1), KeepCount = 2 });
        Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(1, await store.RemoveExpiredAsync(1000, default).Within());
        Assert.Equal(0, await store.RemoveExpiredAsync(1000, default).Within());
        Assert.Equal(300, (await IdsAsync(store)).Length);
    }

    [Fact]
    public async Task Removal_forgets_all_keys_whose_window_has_closed()
    {
        var store = NewStore();
        await AppendAsync(store, [.. Enumerable.Range(0, 50).Select(i => new TestEntry("a") { Key = $"k{i}" })]);
        Time.Advance(TimeSpan.FromMinutes(5));

        await store.RemoveExpiredAsync(7, default).Within();
        await store.DisposeAsync().Within();

        using var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM idempotency_keys";
        Assert.Equal(0L, command.ExecuteScalar());
    }

    [Fact]
    public async Task Reads_that_find_no_free_connection_wait_for_one()
    {
        var store = NewStore(options => options.MaxReaders = 1);
        await StoreAsync(store, 10);

        var reads = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => IdsAsync(store)))).Within();

        Assert.All(reads, ids => Assert.Equal(10, ids.Length));
    }
}
