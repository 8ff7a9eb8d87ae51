using System.Text;

namespace Channels.TestSupport.Storage;

/// <summary>What <see cref="IMessageStore"/> promises: a test for each sentence. A store is done when a subclass with a factory passes.</summary>
public abstract partial class MessageStoreContract : StoreContract
{
    [Fact]
    public async Task Ids_strictly_increase_over_batches_and_addresses()
    {
        var ids = new List<long>();
        for (var i = 0; i < 5; i++)
        {
            var result = await AppendAsync(new("a"), new(new ChannelAddress("b", "room")), new("a"));
            ids.AddRange(Ids(result.Outcomes.Select(outcome => outcome.Message!)));
        }

        Assert.Equal(15, ids.Distinct().Count());
        Assert.Equal(ids.Order(), ids);
        Assert.True(ids[0] >= 1);
    }

    [Fact]
    public async Task Ids_increase_after_everything_was_removed()
    {
        var before = await StoreAsync(new("a") { ExpiresIn = TimeSpan.FromSeconds(1) });
        Time.Advance(TimeSpan.FromSeconds(1));
        await RemoveExpiredAsync();

        Assert.True((await StoreAsync(new("a"))).Id > before.Id);
    }

    [Fact]
    public async Task Each_instance_has_its_own_sequence()
    {
        await StoreAsync(new("a"));
        var head = await HeadAsync();

        await AppendToAsync("other", new(new ChannelAddress("a", null, "other")), new(new ChannelAddress("a", null, "other")));

        Assert.Equal(head.Head, (await HeadAsync()).Head);
        Assert.Equal(head.Head, (await AppendAsync(new TestEntry("a"))).Previous);
    }

    [Fact]
    public async Task Instances_do_not_see_each_others_messages()
    {
        var other = new ChannelAddress("a", null, "other");
        var mine = await StoreAsync(new("a"));
        var theirs = await StoreAsync(new(other));

        Assert.Equal([mine.Id], await IdsAsync("a"));
        Assert.Equal([theirs.Id], await IdsAsync(other));
        Assert.Equal([mine.Id], Ids((await ReadInstanceAsync()).Messages));
    }

    [Fact]
    public async Task A_message_gets_the_time_of_the_clock()
    {
        Time.Advance(TimeSpan.FromTicks(12_345_678));

        var message = await StoreAsync(new("a"));

        Assert.Equal(Now, message.CreatedAt);
        Assert.Equal(TimeSpan.Zero, message.CreatedAt.Offset);
        AssertSame(message, (await ReadAsync("a")).Messages.Single());
    }

    [Fact]
    public async Task Times_never_fall_when_the_clock_steps_back()
    {
        var before = await StoreAsync(new("a"));
        Time.SetUtcNow(Now.AddHours(-1));

        var after = await StoreAsync(new("b"));

        Assert.Equal(before.CreatedAt, after.CreatedAt);
        Assert.Equal(before.CreatedAt, (await HeadAsync()).LastCreatedAt);
    }

    [Fact]
    public async Task Outcomes_come_in_the_order_of_the_entries()
    {
        var result = await AppendAsync(new("a", "1"), new("b", "2"), new("a", "3"));

        Assert.Equal(["1", "2", "3"], result.Outcomes.Select(outcome => Text(outcome.Message!)));
        Assert.All(result.Outcomes, outcome => Assert.Equal(AppendStatus.Stored, outcome.Status));
    }

    [Fact]
    public async Task A_batch_tells_the_heads_before_and_after_it()
    {
        var first = await AppendAsync(new TestEntry("a"), new TestEntry("b"));
        var second = await AppendAsync(new TestEntry("a"));

        Assert.Equal(first.Head, first.Outcomes[1].Message!.Cursor);
        Assert.Equal(first.Head, second.Previous);
        Assert.Equal(second.Head, (await HeadAsync()).Head);
        Assert.True(first.Previous < first.Outcomes[0].Message!.Cursor);
    }

    [Fact]
    public async Task A_batch_that_stores_nothing_leaves_the_head()
    {
        await StoreAsync(new("a"));
        var head = await HeadAsync();
        Time.Advance(TimeSpan.FromSeconds(1));

        var result = await AppendAsync(new TestEntry("a") { DescriptorVersion = 7 });

        Assert.Equal((head.Head, head.Head), (result.Previous, result.Head));
        Assert.Equal(head.LastCreatedAt, (await HeadAsync()).LastCreatedAt);
    }

    [Fact]
    public async Task Entries_leave_their_neighbours_alone()
    {
        var original = await StoreAsync(new("a", "1") { Key = "k" });

        var result = await AppendAsync(
            new("a", "2"),
            new("a", "1") { Key = "k" },
            new("a", "9") { Key = "k" },
            new("a", "3") { DescriptorVersion = 7 },
            new("b", "4"));

        Assert.Equal(
            [AppendStatus.Stored, AppendStatus.Duplicate, AppendStatus.KeyConflict, AppendStatus.StaleDescriptor, AppendStatus.Stored],
            result.Outcomes.Select(outcome => outcome.Status));
        Assert.Equal([original.Id, result.Outcomes[0].Message!.Id], await IdsAsync("a"));
        Assert.Equal([result.Outcomes[4].Message!.Id], await IdsAsync("b"));
    }

    [Fact]
    public async Task The_list_of_a_batch_may_be_used_again_after_the_call()
    {
        var batch = new List<AppendEntry> { new TestEntry("a", "1").Build(Now), new TestEntry("a", "2").Build(Now) };
        await Messages.AppendAsync(Instance, batch, default).Within();
        batch.Clear();

        Assert.Equal(["1", "2"], (await ReadAsync("a")).Messages.Select(Text));
    }

    [Fact]
    public async Task A_transient_entry_takes_an_id_and_leaves_nothing()
    {
        var before = await StoreAsync(new("a"));
        var result = await AppendAsync(new TestEntry("a", "1") { IsTransient = true });
        var transient = result.Outcomes[0].Message!;
        var after = await StoreAsync(new("a"));

        Assert.True(transient.IsTransient);
        Assert.Equal("1", Text(transient));
        Assert.True(before.Id < transient.Id && transient.Id < after.Id);
        Assert.Equal(transient.Cursor, result.Head);
        Assert.Equal([before.Id, after.Id], await IdsAsync("a"));
        Assert.Equal([before.Id, after.Id], Ids((await ReadInstanceAsync()).Messages));
        Assert.Equal([before.Id, after.Id], Ids(await ReadPageAsync(new("a", false, default, null, true, 10))));
        Assert.Equal(MessageCursor.Beginning, await RemovedThroughAsync("a"));
    }

    [Fact]
    public async Task A_transient_entry_does_not_count_among_those_kept()
    {
        var kept = await StoreAsync(new("a") { KeepCount = 1 });
        await AppendAsync(new TestEntry("a") { IsTransient = true, KeepCount = 1 });

        Assert.Equal([kept.Id], await IdsAsync("a"));
    }

    [Fact]
    public async Task The_head_of_an_instance_that_has_only_transient_messages_moves()
    {
        var result = await AppendAsync(new TestEntry("a") { IsTransient = true });

        Assert.Equal(result.Head, (await HeadAsync()).Head);
        Assert.Equal(result.Head, (await ReadAsync("a")).Through);
        Assert.Equal(result.Head, (await ReadInstanceAsync()).Through);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData(" {\"b\" : 1.0e+2,\r\n\t\"a\":[1.10, -0, 1e400]} ")]
    [InlineData("\"\\u0000 \u2028 \uFEFF 😀 \\ud83d\\ude00\"")]
    [InlineData("null")]
    public async Task A_payload_is_kept_byte_for_byte(string payload)
    {
        await StoreAsync(new("a", payload));

        Assert.Equal(Encoding.UTF8.GetBytes(payload), (await ReadAsync("a")).Messages.Single().Payload.ToArray());
    }

    [Fact]
    public async Task A_large_payload_is_kept()
    {
        var payload = $"\"{new string('x', 256 * 1024)}\"";
        await StoreAsync(new("a", payload));

        Assert.Equal(payload, Text((await ReadAsync("a")).Messages.Single()));
    }

    [Theory]
    [InlineData(MessageAction.Custom)]
    [InlineData(MessageAction.Create)]
    [InlineData(MessageAction.Update)]
    [InlineData(MessageAction.Delete)]
    public async Task Every_field_is_kept(MessageAction action)
    {
        var entry = FullEntry(new("kanal/频道 😀", "räum 'x\" %_"), action);

        var outcome = (await Messages.AppendAsync(Instance, [entry], default).Within()).Outcomes.Single();

        var expected = entry.ToMessage(outcome.Message!.Id, outcome.Message.CreatedAt);
        AssertSame(expected, outcome.Message);
        AssertSame(expected, (await ReadAsync(entry.Address)).Messages.Single());
        AssertSame(expected, (await ReadInstanceAsync()).Messages.Single());
        AssertSame(expected, (await ReadPageAsync(new(entry.Address, false, default, null, false, 1))).Single());
    }

    [Theory]
    [InlineData("7", null, null)]
    [InlineData(null, "8", null)]
    [InlineData(null, null, "ann@x:\"é\"")]
    [InlineData(null, null, null)]
    public async Task Every_kind_of_author_is_kept(string? admin, string? apiKey, string? user)
    {
        var message = await StoreAsync(new("a") { Author = new(admin, apiKey, user) });

        Assert.Equal(new MessageAuthor(admin, apiKey, user), message.Author);
        Assert.Equal(message.Author, (await ReadAsync("a")).Messages.Single().Author);
    }

    [Fact]
    public async Task Names_are_told_apart_by_code_unit()
    {
        ChannelAddress[] addresses = ["a", "A", "a ", "é", "e\u0301", "a.b", new("a", "b"), new("a", "B"), new("a", "b "), new("a", "a")];
        var stored = new List<long>();
        foreach (var address in addresses)
        {
            stored.Add((await StoreAsync(new(address))).Id);
        }

        for (var i = 0; i < addresses.Length; i++)
        {
            Assert.Equal([stored[i]], await IdsAsync(addresses[i]));
        }
    }

    [Fact]
    public async Task Reading_the_head_opens_the_sequence()
    {
        var head = await HeadAsync();

        Assert.True(head.LastCreatedAt <= Now);
        Assert.Equal(head.Head, (await ReadAsync("a")).Through);
        Assert.Equal(head.Head, (await ReadInstanceAsync()).Through);
        Assert.True((await StoreAsync(new("a"))).Cursor > head.Head);
    }

    [Fact]
    public async Task The_beginning_and_the_head_stand_in_no_hole()
    {
        await AssertGoodAsync(MessageCursor.Beginning, (await HeadAsync()).Head);
        var messages = await StoreManyAsync("a", 3);
        await AssertGoodAsync([.. messages.Select(message => message.Cursor)]);
    }

    [Fact]
    public async Task Appends_to_several_instances_run_at_once()
    {
        var names = Enumerable.Range(0, 4).Select(i => $"instance-{i}").ToArray();

        await Task.WhenAll(names.Select(name => Task.Run(async () =>
        {
            for (var i = 1; i <= 50; i++)
            {
                await Messages.AppendAsync(name, [new TestEntry(new ChannelAddress("a", null, name), $"{i}").Build(Now)], default);
            }
        }))).Within(TimeSpan.FromSeconds(30));

        foreach (var name in names)
        {
            var messages = (await ReadAsync(new("a", null, name))).Messages;
            Assert.Equal(Enumerable.Range(1, 50).Select(i => $"{i}"), messages.Select(Text));
            Assert.Equal(messages[^1].Cursor, (await HeadAsync(name)).Head);
        }
    }

    [Fact]
    public async Task Reads_during_appends_see_whole_batches_in_order()
    {
        using var stop = new CancellationTokenSource();
        var reader = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                var messages = (await ReadInstanceAsync()).Messages;
                Assert.Equal(0, messages.Count % 2);
                Assert.Equal(Enumerable.Range(1, messages.Count).Select(i => $"{i}"), messages.Select(Text));
            }
        });
        for (var i = 1; i < 200; i += 2)
        {
            await AppendAsync(new("a", $"{i}"), new(new ChannelAddress("b", "room"), $"{i + 1}"));
        }

        await stop.CancelAsync();
        await reader.Within(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_cancelled_call_throws_and_the_store_goes_on()
    {
        var cancelled = new CancellationToken(canceled: true);
        await StoreAsync(new("a"));

        await AssertCancelledAsync(() => Messages.AppendAsync(Instance, [new TestEntry("b").Build(Now)], cancelled).Within());
        await AssertCancelledAsync(() => Messages.ReadAfterAsync(Instance, [new("a", default)], 1, cancelled).Within());
        await AssertCancelledAsync(() => Messages.ReadInstanceAfterAsync(Instance, default, 1, cancelled).Within());
        await AssertCancelledAsync(() => Messages.ReadPageAsync(new("a", false, default, null, true, 1), cancelled).Within());
        await AssertCancelledAsync(() => Messages.FindAsync(Instance, Now, cancelled).Within());
        await AssertCancelledAsync(() => Messages.RemoveExpiredAsync(1, cancelled).Within());
        await AssertCancelledAsync(() => Messages.RemoveAsync("a", cancelled).Within());
        await AssertCancelledAsync(() => Messages.GetHeadAsync(Instance, cancelled).Within());

        var message = await StoreAsync(new("a"));
        Assert.Equal(message.Id, (await IdsAsync("a"))[^1]);
    }

    private static Task<OperationCanceledException> AssertCancelledAsync(Func<Task> call) => Assert.ThrowsAnyAsync<OperationCanceledException>(call);

    private async Task AssertGoodAsync(params MessageCursor[] cursors)
    {
        var holes = (await HeadAsync()).Holes;
        Assert.All(cursors, cursor => Assert.DoesNotContain(holes, hole => hole.Contains(cursor)));
    }

    private AppendEntry FullEntry(ChannelAddress address, MessageAction action) => new()
    {
        Address = address,
        Draft = new("{\"n\":1}"u8)
        {
            Action = action,
            Event = "événement 'x' \"y\" \\ 😀 \u2028 \uFFFD ﷽ %_",
            ObjectClass = action == MessageAction.Custom ? null : "bücher",
            ExcludedConnection = "12.34",
            IdempotencyKey = "kéy'\"",
            Attributes = new()
            {
                Format = PayloadFormat.Text,
                FromClient = true,
                SenderMember = "mémber 😀",
                WireExtras = "{\"ext.binary\":true, \"é\":\"\\u2028\"}"u8.ToArray(),
            },
        },
        Author = new("1", "2", "ünser 😀"),
        ExpiresAt = Now.AddTicks(36_000_000_001),
        KeepCount = 10,
        KeyWindow = TimeSpan.FromMinutes(5),
    };
}
