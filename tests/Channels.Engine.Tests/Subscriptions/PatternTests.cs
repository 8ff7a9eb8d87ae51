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

    private async Task<ChannelPattern> SubscribeAsync(string text)
    {
        Assert.True(ChannelPattern.TryParse(text, out var pattern));
        Assert.Equal(AccessStatus.Allowed, (await _connection.SubscribePatternAsync(pattern, "default").Within()).Access);
        return pattern;
    }

    private async Task<long> PublishAsync(string channel) => (await _host.Channels.PublishAsync(channel, new()).Within()).Id;

    private async Task<List<long>> ReadAsync(int count) => (await _connection.ReadAsync(count)).ConvertAll(delivery => delivery.Message?.Id ?? 0);
}
