using Channels.TestSupport;

namespace Channels.Storage.Tests;

/// <summary>What stands in the way of opening a database is said with its path and what to do, and can be mended while the process runs.</summary>
public sealed class SqliteOpeningTests : SqliteTests
{
    [Fact]
    public async Task A_second_store_waits_for_the_lock_and_then_says_who_is_in_the_way()
    {
        await using var first = NewStore();
        await HeadAsync(first);
        var second = NewStore(options => options.LockTimeout = TimeSpan.FromSeconds(1));

        var opening = second.GetHeadAsync(Instance, default).AsTask();
        Time.Advance(TimeSpan.FromMilliseconds(500));
        Assert.False(opening.IsCompleted);
        var failure = await AssertFailsAsync(() => AdvanceUntilAsync(opening));

        Assert.Contains(Database + ".lock", failure.Message, StringComparison.Ordinal);
        Assert.Contains("LockTimeout", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_store_opens_when_the_first_is_closed()
    {
        var first = NewStore();
        await StoreAsync(first, 1);
        var second = NewStore();
        var opening = second.GetHeadAsync(Instance, default).AsTask();
        Time.Advance(TimeSpan.FromMilliseconds(500));
        Assert.False(opening.IsCompleted);

        await first.DisposeAsync().Within();
        await AdvanceUntilAsync(opening);

        Assert.Equal(1, (await opening).Head.Value);
    }

    [Fact]
    public async Task A_link_to_a_database_has_the_lock_of_the_database()
    {
        await using var first = NewStore();
        await HeadAsync(first);
        File.CreateSymbolicLink(Path("link.db"), Database);

        var second = NewStore(options => (options.DataSource, options.LockTimeout) = (Path("link.db"), TimeSpan.Zero));

        await AssertFailsAsync(() => HeadAsync(second));
    }

    [Fact]
    public async Task Opening_that_failed_is_tried_again()
    {
        await using var first = NewStore();
        await HeadAsync(first);
        var second = NewStore(options => options.LockTimeout = TimeSpan.Zero);
        await AssertFailsAsync(() => HeadAsync(second));
        await first.DisposeAsync().Within();

        Assert.Equal(0, (await HeadAsync(second)).Head.Value);
    }

    [Fact]
    public async Task Closing_ends_waiting_for_the_lock()
    {
        await using var first = NewStore();
        await HeadAsync(first);
        var second = NewStore();
        var opening = second.GetHeadAsync(Instance, default).AsTask();

        await second.DisposeAsync().Within();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => opening.Within());
    }

    [Fact]
    public async Task Many_first_calls_open_once()
    {
        var store = NewStore();

        var results = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => AppendAsync(store, new TestSupport.Storage.TestEntry("a"))))).Within();

        Assert.Equal(Enumerable.Range(1, 16).Select(id => (long)id), results.Select(result => result.Head.Value).Order());
    }

    [Fact]
    public async Task A_closed_store_says_so()
    {
        var store = NewStore();
        await StoreAsync(store, 1);
        await store.DisposeAsync().Within();
        await store.DisposeAsync().Within();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => StoreAsync(store, 1));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => HeadAsync(store));
    }

    [Fact]
    public async Task A_missing_folder_is_named_and_may_be_made()
    {
        var path = Path("missing/channels.db");
        var store = NewStore(options => options.DataSource = path);

        var failure = await AssertFailsAsync(() => HeadAsync(store));

        Assert.Contains($"folder '{Path("missing")}' of the database '{path}' does not exist", failure.Message, StringComparison.Ordinal);
        Directory.CreateDirectory(Path("missing"));
        await StoreAsync(store, 1);
    }

    [Fact]
    public async Task A_folder_instead_of_a_file_is_named()
    {
        Directory.CreateDirectory(Database);

        var failure = await AssertFailsAsync(() => HeadAsync(NewStore()));

        Assert.Contains($"'{Database}' is a folder", failure.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Database + ".lock"));
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_named_and_left_alone()
    {
        var text = string.Concat(Enumerable.Repeat("This is a letter. ", 500));
        await File.WriteAllTextAsync(Database, text);

        var failure = await AssertFailsAsync(() => HeadAsync(NewStore()));

        Assert.Contains($"'{Database}': the file is not a SQLite database", failure.Message, StringComparison.Ordinal);
        Assert.NotNull(failure.InnerException);
        Assert.Equal(text, await File.ReadAllTextAsync(Database));
    }

    [Fact]
    public async Task A_damaged_database_is_named()
    {
        await using (var store = NewStore())
        {
            await StoreAsync(store, 500);
        }

        var bytes = await File.ReadAllBytesAsync(Database);
        bytes.AsSpan(4096).Fill(0x55);
        await File.WriteAllBytesAsync(Database, bytes);

        var failure = await AssertFailsAsync(() => HeadAsync(NewStore()));

        Assert.Contains($"'{Database}': the file is damaged", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_database_of_another_application_is_left_alone()
    {
        Execute(Database, "CREATE TABLE letters (text)");

        var failure = await AssertFailsAsync(() => HeadAsync(NewStore()));

        Assert.Contains($"'{Database}' is the database of another application", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_newer_schema_is_refused()
    {
        await using (var store = NewStore())
        {
            await StoreAsync(store, 1);
        }

        Execute(Database, "PRAGMA user_version = 7");

        var failure = await AssertFailsAsync(() => HeadAsync(NewStore()));

        Assert.Contains("schema version 7", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Update the library", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_read_only_file_is_named()
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "A privileged process may write everything.");
        await using (var store = NewStore())
        {
            await StoreAsync(store, 1);
        }

        File.SetAttributes(Database, FileAttributes.ReadOnly);

        var failure = await AssertFailsAsync(() => HeadAsync(NewStore()));

        Assert.Contains($"'{Database}' is read-only", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_read_only_folder_is_named()
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "A privileged process may write everything.");
        var folder = Directory.CreateDirectory(Path("closed"));
        if (!OperatingSystem.IsWindows())
        {
            folder.UnixFileMode = UnixFileMode.UserRead | UnixFileMode.UserExecute;
        }

        var failure = await AssertFailsAsync(() => HeadAsync(NewStore(options => options.DataSource = Path("closed/channels.db"))));

        Assert.Contains(Path("closed/channels.db"), failure.Message, StringComparison.Ordinal);
        Assert.Contains("permissions", failure.Message, StringComparison.Ordinal);
    }

    private async Task AdvanceUntilAsync(Task task)
    {
        // The store tries again every 50 ms of the clock's time; between two tries it may be on another thread.
        for (var i = 0; i < 10_000 && !task.IsCompleted; i++)
        {
            Time.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Yield();
        }

        await task.Within();
    }
}
