using Channels.TestSupport;
using Channels.TestSupport.Storage;

namespace Channels.Storage.Tests;

/// <summary>Ids never go back, whatever happens to the files, and cursors that may have missed something stand in a hole.</summary>
public sealed class SqliteIdTests : SqliteTests
{
    [Fact]
    public async Task Ids_begin_at_1_and_go_on_without_a_hole_after_a_clean_close()
    {
        var ids = new List<long>();
        for (var run = 0; run < 3; run++)
        {
            await using var store = NewStore();
            ids.AddRange((await StoreAsync(store, 2)).Select(message => message.Id));
            ids.Add((await AppendAsync(store, new TestEntry("a") { IsTransient = true })).Head.Value);
            Assert.Empty((await HeadAsync(store)).Holes);
        }

        Assert.Equal(Enumerable.Range(1, 9).Select(id => (long)id), ids);
    }

    [Fact]
    public async Task A_run_that_gave_no_ids_leaves_everything_as_it_was()
    {
        await using (var store = NewStore())
        {
            await StoreAsync(store, 3);
        }

        var side = await File.ReadAllBytesAsync(SideFile);
        await using (var store = NewStore())
        {
            Assert.Equal(3, (await HeadAsync(store)).Head.Value);
        }

        Assert.Equal(side, await File.ReadAllBytesAsync(SideFile));
    }

    [Fact]
    public async Task An_unclean_end_leaves_a_hole_up_to_the_reserved_block()
    {
        await using var first = NewStore();
        await StoreAsync(first, 3);
        await AppendAsync(first, new TestEntry("a") { IsTransient = true });
        CopyFiles("crashed.db");

        var second = NewStore(options => options.DataSource = Path("crashed.db"));

        var hole = new IdHole(new(3), new(10_000));
        var head = await HeadAsync(second);
        Assert.Equal(10_000, head.Head.Value);
        Assert.Equal([hole], head.Holes);
        Assert.Equal(10_001, (await StoreAsync(second, 1))[0].Id);
        Assert.Equal([hole], (await HeadAsync(second)).Holes);
    }

    [Fact]
    public async Task A_hole_is_remembered_over_clean_restarts()
    {
        await using var first = NewStore();
        await StoreAsync(first, 1);
        CopyFiles("crashed.db");
        for (var run = 0; run < 2; run++)
        {
            await using var store = NewStore(options => options.DataSource = Path("crashed.db"));
            await StoreAsync(store, 1);
            Assert.Equal([new IdHole(new(1), new(10_000))], (await HeadAsync(store)).Holes);
        }
    }

    [Fact]
    public async Task A_hole_that_no_append_followed_is_found_again()
    {
        await using var first = NewStore();
        await StoreAsync(first, 1);
        CopyFiles("crashed.db");
        for (var run = 0; run < 2; run++)
        {
            await using var store = NewStore(options => options.DataSource = Path("crashed.db"));
            Assert.Equal([new IdHole(new(1), new(10_000))], (await HeadAsync(store)).Holes);
        }
    }

    [Fact]
    public async Task Ids_that_only_transient_messages_had_are_not_given_again_after_an_unclean_end()
    {
        await using var first = NewStore();
        var head = (await AppendAsync(first, new TestEntry("a") { IsTransient = true })).Head;
        CopyFiles("crashed.db");
        File.Delete(Path("crashed.db.ids"));

        var second = NewStore(options => options.DataSource = Path("crashed.db"));

        Assert.True((await StoreAsync(second, 1))[0].Cursor > head);
    }

    [Fact]
    public async Task A_database_restored_from_an_older_copy_goes_on_above_what_was_given()
    {
        await RunAsync(2);
        File.Copy(Database, Path("backup.db"));
        await RunAsync(4);
        File.Copy(Path("backup.db"), Database, overwrite: true);

        var store = NewStore();

        Assert.Equal([new IdHole(new(2), new(6))], (await HeadAsync(store)).Holes);
        Assert.Equal(7, (await StoreAsync(store, 1))[0].Id);
        Assert.Equal(new long[] { 1, 2, 7 }, await IdsAsync(store));
    }

    [Fact]
    public async Task A_wiped_database_goes_on_above_what_was_given()
    {
        await RunAsync(4);
        File.Delete(Database);

        var store = NewStore();

        Assert.Equal([new IdHole(default, new(4))], (await HeadAsync(store)).Holes);
        Assert.Equal(5, (await StoreAsync(store, 1))[0].Id);
        await store.DisposeAsync().Within();
        Assert.Equal([new IdHole(default, new(4))], (await HeadAsync(NewStore())).Holes);
    }

    [Fact]
    public async Task A_database_wiped_after_an_unclean_end_goes_on_above_the_reserved_block()
    {
        await using var first = NewStore();
        await StoreAsync(first, 3);
        File.Copy(SideFile, Path("wiped.db.ids"));

        var second = NewStore(options => options.DataSource = Path("wiped.db"));

        Assert.Equal([new IdHole(default, new(10_000))], (await HeadAsync(second)).Holes);
        Assert.Equal(10_001, (await StoreAsync(second, 1))[0].Id);
    }

    [Fact]
    public async Task Without_its_side_file_the_database_goes_on_above_its_reserved_block()
    {
        await RunAsync(4);
        File.Delete(SideFile);

        var store = NewStore();

        Assert.Equal([new IdHole(new(4), new(10_000))], (await HeadAsync(store)).Holes);
        Assert.Equal(10_001, (await StoreAsync(store, 1))[0].Id);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(256)]
    [InlineData(300)]
    public async Task A_damaged_record_of_the_side_file_does_not_lead_ids_back(int damagedByte)
    {
        await using var first = NewStore(options => options.IdBlockSize = 10);
        await StoreAsync(first, 35);
        var side = await File.ReadAllBytesAsync(SideFile);
        side[damagedByte] ^= 0xFF;
        await File.WriteAllBytesAsync(Path("wiped.db.ids"), side);

        var second = NewStore(options => (options.DataSource, options.IdBlockSize) = (Path("wiped.db"), 10));

        Assert.True((await StoreAsync(second, 1))[0].Id > 35);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(700)]
    public async Task A_side_file_of_rubbish_leaves_the_marks_of_the_database(int length)
    {
        await RunAsync(4);
        await File.WriteAllBytesAsync(SideFile, Enumerable.Repeat((byte)0x55, length).ToArray());

        await using (var store = NewStore())
        {
            Assert.Equal([new IdHole(new(4), new(10_000))], (await HeadAsync(store)).Holes);
            Assert.Equal(10_001, (await StoreAsync(store, 1))[0].Id);
        }

        Assert.Equal(10_001, (await HeadAsync(NewStore())).Head.Value);
    }

    [Fact]
    public async Task Every_instance_has_its_own_record()
    {
        string[] instances = ["a", "b", new('ü', ChannelAddress.MaxInstanceLength), new('語', ChannelAddress.MaxInstanceLength)];
        for (var run = 1; run <= 3; run++)
        {
            await using var store = NewStore();
            for (var i = 0; i < instances.Length; i++)
            {
                var entries = Enumerable.Repeat(new TestEntry(new ChannelAddress("a", null, instances[i])), i + 1).ToArray();
                var result = await AppendToAsync(store, instances[i], entries);
                Assert.Equal(run * (i + 1), result.Head.Value);
            }
        }

        File.Delete(Database);
        var last = NewStore();
        Assert.Equal(12, (await last.GetHeadAsync(instances[3], default).Within()).Head.Value);
    }

    [Fact]
    public async Task Removal_of_the_newest_messages_is_remembered_by_an_unclean_end()
    {
        await using var first = NewStore(options => options.IdBlockSize = 1);
        await AppendAsync(first, new TestEntry("a") { ExpiresIn = TimeSpan.FromSeconds(1) }, new TestEntry("b"));
        await first.CreateAsync(new() { Name = "b" }, default).Within();
        await first.DeleteAsync(Instance, "b", default).Within();
        Time.Advance(TimeSpan.FromSeconds(1));
        await first.RemoveExpiredAsync(10, default).Within();
        CopyFiles("crashed.db");

        var second = NewStore(options => options.DataSource = Path("crashed.db"));

        Assert.Equal(2, (await HeadAsync(second)).Head.Value);
        Assert.Equal(3, (await StoreAsync(second, 1))[0].Id);
    }

    private async Task RunAsync(int messages)
    {
        await using var store = NewStore();
        await StoreAsync(store, messages);
    }
}
