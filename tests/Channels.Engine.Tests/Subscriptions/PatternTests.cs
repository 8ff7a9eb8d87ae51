using Channels.Engine.Tests.Support;
using Channels.Storage.Memory;
using Channels.Testing;
using Channels.TestSupport;
using Channels.TestSupport.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Channels.Engine.Tests.Subscriptions;

/// <summary>Patterns and plain subscriptions of the same addresses.</summary>
public sealed class PatternTests : IAsyncLifetime
{
    private readonly ChannelsTestHost _host = ChannelsTestHost.Create(c => c
        .AddChannel("chat/*", t => t.Others(ChannelPermission.Subscribe).Retain(count: 10_000)).AddChannel("chat/secret").AddChannel("x"));

    private static readonly ChannelDescriptor Secret = new() { Name = "chat/secret", OtherPermission = ChannelPermission.Subscribe };

    private readonly IChannelConnection _connection;

    public PatternTests() => _connection = _host.Connections.TryOpen(new() { Protocol = "test", Caller = ChannelCaller.User("ann") })!;

    public ValueTask InitializeAsync() => default;

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_subscription_outlives_the_pattern_that_had_attached_its_address()
    {
        var pattern = await SubscribeAsync("chat/**");
        var first = await PublishAsync("chat/a");
        Assert.Equal([first], await ReadAsync(1));
        await _connection.SubscribeAsync("chat/a").Within();

        Assert.True(_connection.UnsubscribePattern(pattern, "default"));
        var second = await PublishAsync("chat/a");

        Assert.Equal([second], await ReadAsync(1));
        Assert.True(_connection.Unsubscribe("chat/a"));
        await PublishAsync("chat/a");
        Assert.True(_connection.IsSilent());
    }

    [Fact]
    public async Task A_pattern_outlives_the_subscription_of_an_address_it_matches()
    {
        await _connection.SubscribeAsync("chat/a").Within();
        await SubscribeAsync("chat/**");
        var first = await PublishAsync("chat/a");

        Assert.True(_connection.Unsubscribe("chat/a"));
        Assert.False(_connection.Unsubscribe("chat/a"));
        var second = await PublishAsync("chat/a");

        Assert.Equal([first, second], await ReadAsync(2));
    }

    [Fact]
    public async Task An_address_stays_with_the_other_pattern_that_matches_it()
    {
        var deep = await SubscribeAsync("chat/**");
        var flat = await SubscribeAsync("chat/*");
        var ids = new List<long> { await PublishAsync("chat/a") };
        Assert.Equal(ids, await ReadAsync(1));
        ids = [await PublishAsync("chat/a")];

        _connection.UnsubscribePattern(deep, "default");
        ids.Add(await PublishAsync("chat/a"));

        Assert.Equal(ids, await ReadAsync(2));
        _connection.UnsubscribePattern(flat, "default");
        await PublishAsync("chat/a");
        Assert.True(_connection.IsSilent());
    }

    [Fact]
    public async Task A_subscription_from_a_cursor_gets_what_the_pattern_had_not()
    {
        var before = await PublishAsync("chat/a");
        await SubscribeAsync("chat/**");
        var after = await PublishAsync("chat/a");
        Assert.Equal([after], await ReadAsync(1));

        await _connection.SubscribeAsync("chat/a", SubscribeFrom.Oldest).Within();

        Assert.Equal([before, after], await ReadAsync(2));
    }

    [Fact]
    public async Task P7_an_address_is_asked_for_again_after_its_channel_changed()
    {
        await SubscribeAsync("chat/**");
        await PublishAsync("chat/secret");
        var other = await PublishAsync("chat/a");
        Assert.Equal([other], await ReadAsync(1));

        await _host.Channels.Catalog.CreateAsync(new() { Name = "chat/secret", OtherPermission = ChannelPermission.Subscribe }).Within();
        var allowed = await PublishAsync("chat/secret");
        Assert.Equal([allowed], await ReadAsync(1));

        await _host.Channels.Catalog.UpdateAsync("chat/secret", c => c with { OtherPermission = ChannelPermission.None }).Within();
        await PublishAsync("chat/secret");
        var ended = Assert.Single(await _connection.ReadAsync(1));
        Assert.Equal((DeliveryKind.SubscriptionEnded, AccessStatus.Forbidden), (ended.Kind, ended.Reason));
        Assert.True(_connection.IsSilent());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task P2_what_is_published_before_the_end_was_read_comes_behind_it(bool isSubscribedByItself)
    {
        await SubscribeAsync("chat/**");
        await PublishAsync("chat/a");
        await ReadAsync(1);
        if (isSubscribedByItself)
        {
            await _connection.SubscribeAsync("chat/a").Within();
        }

        Assert.Equal(CatalogStatus.Done, await _host.Channels.Catalog.ClearAsync("chat/a").Within());
        var first = await PublishAsync("chat/a");
        var other = await PublishAsync("chat/b");
        var second = await PublishAsync("chat/a");

        Assert.Equal([0, first, other, second], await ReadAsync(4));
        Assert.True(_connection.IsSilent());
        var third = await PublishAsync("chat/a");
        Assert.Equal([third], await ReadAsync(1));
    }

    [Fact]
    public async Task P2_a_channel_that_is_deleted_and_made_anew_goes_on_behind_the_end()
    {
        await _host.Channels.Catalog.CreateAsync(Secret).Within();
        await SubscribeAsync("chat/**");
        await PublishAsync("chat/secret");
        await ReadAsync(1);

        await _host.Channels.Catalog.DeleteAsync("chat/secret").Within();
        await _host.Channels.Catalog.CreateAsync(Secret).Within();
        var message = await PublishAsync("chat/secret");

        Assert.Equal([0, message], await ReadAsync(2));
    }

    [Fact]
    public async Task P2_what_an_address_missed_before_its_channel_changed_again_is_a_gap()
    {
        await SubscribeAsync("chat/**");
        await PublishAsync("chat/a");
        await ReadAsync(1);

        await _host.Channels.Catalog.ClearAsync("chat/a").Within();
        var lost = await PublishAsync("chat/a");
        await _host.Channels.Catalog.ClearAsync("chat/a").Within();
        var message = await PublishAsync("chat/a");

        var seen = await _connection.ReadAsync(3);
        Assert.Equal([DeliveryKind.SubscriptionEnded, DeliveryKind.Gap, DeliveryKind.Message], seen.ConvertAll(delivery => delivery.Kind));
        Assert.InRange(lost, seen[1].Gap.Requested.Value + 1, seen[1].Gap.Oldest.Value);
        Assert.Equal(message, seen[2].Message!.Id);
    }

    [Fact]
    public async Task P7_what_is_published_while_an_address_is_forbidden_stays_untold()
    {
        await _host.Channels.Catalog.CreateAsync(Secret).Within();
        await SubscribeAsync("chat/**");
        await PublishAsync("chat/secret");
        await ReadAsync(1);

        await _host.Channels.Catalog.UpdateAsync("chat/secret", c => c with { OtherPermission = ChannelPermission.None }).Within();
        await PublishAsync("chat/secret");
        await _host.Channels.Catalog.UpdateAsync("chat/secret", c => c with { OtherPermission = ChannelPermission.Subscribe }).Within();
        var allowed = await PublishAsync("chat/secret");
        var seen = await _connection.ReadAsync(3);
        Assert.Equal([DeliveryKind.SubscriptionEnded, DeliveryKind.Gap, DeliveryKind.Message], seen.ConvertAll(delivery => delivery.Kind));
        Assert.Equal(allowed, seen[2].Message!.Id);

        await _host.Channels.Catalog.UpdateAsync("chat/secret", c => c with { OtherPermission = ChannelPermission.None }).Within();
        await PublishAsync("chat/secret");
        Assert.Equal(DeliveryKind.SubscriptionEnded, Assert.Single(await _connection.ReadAsync(1)).Kind);
        Assert.True(_connection.IsSilent());
    }

    [Fact]
    public async Task A_pattern_gets_an_address_back_when_its_own_subscription_was_cleared_and_given_up()
    {
        await _connection.SubscribeAsync("chat/a").Within();
        await SubscribeAsync("chat/**");
        await _host.Channels.Catalog.ClearAsync("chat/a").Within();

        Assert.True(_connection.Unsubscribe("chat/a"));
        var first = await PublishAsync("chat/a");
        Assert.Equal([0, first], await ReadAsync(2));
        var second = await PublishAsync("chat/a");
        Assert.Equal([second], await ReadAsync(1));
    }

    [Fact]
    public async Task A_pattern_gets_an_address_back_when_the_caller_of_its_own_subscription_is_revoked()
    {
        await SubscribeAsync("chat/**");
        await PublishAsync("chat/a");
        await ReadAsync(1);
        await _connection.SubscribeAsync(ChannelCaller.User("bob"), "chat/a", default).Within();

        await _host.Connections.RevokeUserAsync("default", "bob").Within();
        var message = await PublishAsync("chat/a");

        Assert.Equal([0, message], await ReadAsync(2));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task P7_a_pattern_does_not_bring_back_what_the_application_ended(bool isSubscribedByItself)
    {
        if (isSubscribedByItself)
        {
            await _connection.SubscribeAsync("chat/a").Within();
        }

        await SubscribeAsync("chat/**");
        await PublishAsync("chat/a");
        await ReadAsync(1);
        Assert.Equal(1, await _host.Connections.UnsubscribeAsync(new() { UserId = "ann" }, "chat/a").Within());
        await PublishAsync("chat/a");

        Assert.Equal([0], await ReadAsync(1));
        await PublishAsync("chat/a");
        var other = await PublishAsync("chat/b");
        Assert.Equal([other], await ReadAsync(1));
    }

    [Fact]
    public async Task P7_the_end_of_an_address_that_was_never_allowed_stays_untold()
    {
        var time = new ManualTimeProvider();
        var store = new ScriptedStore(new MemoryStore(time));
        await using var host = ChannelsTestHost.Create(
            c => c.UseScriptedStorage(store).AddChannel("chat/*").AddChannel("x", t => t.Others(ChannelPermission.Subscribe)), time: time);
        await using var connection = host.Connections.TryOpen(new() { Protocol = "test", Caller = ChannelCaller.User("ann") })!;
        Assert.True(ChannelPattern.TryParse("chat/*", out var pattern));
        await connection.SubscribePatternAsync(pattern, "default").Within();
        await connection.SubscribeAsync("x").Within();
        var asking = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        store.BeforeRead = operation =>
        {
            if (operation != nameof(IChannelStore.GetAsync))
            {
                return Task.CompletedTask;
            }

            asking.TrySetResult();
            return answer.Task;
        };
        await store.Inner.AppendAsync("default", [new TestEntry("chat/a", "1").Build(time.GetUtcNow())], default).Within();
        time.Advance(TimeSpan.FromSeconds(1));
        await asking.Task.Within();

        await host.Channels.Catalog.ClearAsync("chat/a").Within();
        var wasSilent = connection.IsSilent();
        answer.SetResult();
        store.BeforeRead = null;
        var last = await host.Channels.PublishAsync("x", new()).Within();

        Assert.True(wasSilent);
        Assert.Equal(last.Id, Assert.Single(await connection.ReadAsync(1)).Message?.Id);
    }

    [Fact]
    public async Task A_decision_that_fails_does_not_hold_back_the_connection()
    {
        var time = new ManualTimeProvider();
        var store = new ScriptedStore(new MemoryStore(time));
        using var metrics = new Metrics();
        await using var host = ChannelsTestHost.Create(
            c => metrics.AddTo(c.UseScriptedStorage(store).AddChannel("chat/*").AddChannel("x")), time: time);
        await using var connection = host.Connections.TryOpen(new() { Protocol = "test", Caller = ChannelCaller.Host })!;
        Assert.True(ChannelPattern.TryParse("chat/*", out var pattern));
        await connection.SubscribePatternAsync(pattern, "default").Within();
        await connection.SubscribeAsync("x").Within();
        await host.Channels.PublishAsync("x", new("0")).Within();
        var asked = 0;
        store.BeforeRead = operation => operation == nameof(IChannelStore.GetAsync) && Interlocked.Increment(ref asked) == 1
            ? throw new InvalidOperationException("broken") : Task.CompletedTask;
        await store.Inner.AppendAsync("default", [new TestEntry("chat/a", "1").Build(time.GetUtcNow())], default).Within();
        time.Advance(TimeSpan.FromSeconds(1));
        await ChannelsTestHost.EventuallyAsync(() => metrics["channels.store.errors", "authorize"] == 1);
        await host.Channels.PublishAsync("x", new("2")).Within();
        await host.Channels.PublishAsync("chat/a", new("3")).Within();

        var seen = (await connection.ReadAsync(3)).ConvertAll(delivery => delivery.Message!.PayloadText());

        Assert.Equal(["0", "2", "3"], seen);
    }

    [Fact]
    public async Task P1_ids_ascend_while_a_pattern_attaches_more_and_more_addresses()
    {
        const int Count = 3_000;
        await _connection.SubscribeAsync("chat/0").Within();
        await SubscribeAsync("chat/**");
        var publishing = Task.Run(async () =>
        {
            for (var i = 0; i < Count; i++)
            {
                await PublishAsync(i % 3 == 0 ? $"chat/{i / 10}" : "chat/0");
            }
        });

        var ids = await ReadAsync(Count);

        await publishing.Within();
        Assert.Equal(ids.Order().Distinct(), ids);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task P1_P2_addresses_that_come_and_go_lose_nothing_but_what_was_cleared(int seed)
    {
        var random = new Random(seed);
        var due = new List<(string Channel, long Id)>();
        var seen = new List<long>();
        await SubscribeAsync("chat/**");
        for (var step = 0; step < 60; step++)
        {
            var channel = $"chat/{random.Next(3)}";
            switch (random.Next(10))
            {
                case < 5:
                    due.Add((channel, await PublishAsync(channel)));
                    break;
                case < 7:
                    // What was due may come nevertheless, and may not.
                    await _host.Channels.Catalog.ClearAsync(channel).Within();
                    due.RemoveAll(message => message.Channel == channel);
                    break;
                case 7:
                    await _connection.SubscribeAsync(channel).Within();
                    break;
                case 8:
                    _connection.Unsubscribe(channel);
                    break;
                default:
                    _connection.ReadAvailable(delivery => seen.Add(delivery.Message?.Id ?? 0));
                    break;
            }
        }

        var last = await PublishAsync("chat/last");
        while (!seen.Contains(last))
        {
            seen.AddRange(await ReadAsync(1));
        }

        seen.RemoveAll(id => id == 0);
        Assert.Equal(seen.Order().Distinct(), seen);
        Assert.Empty(due.Select(message => message.Id).Except(seen));
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 40)];

    private async Task<ChannelPattern> SubscribeAsync(string text)
    {
        Assert.True(ChannelPattern.TryParse(text, out var pattern));
        Assert.Equal(AccessStatus.Allowed, (await _connection.SubscribePatternAsync(pattern, "default").Within()).Access);
        return pattern;
    }

    private async Task<long> PublishAsync(string channel) => (await _host.Channels.PublishAsync(channel, new()).Within()).Id;

    private async Task<List<long>> ReadAsync(int count) => (await _connection.ReadAsync(count)).ConvertAll(delivery => delivery.Message?.Id ?? 0);
}
