using System.Collections.Concurrent;
using Channels.Engine.Tests.Support;
using Channels.Testing;
using Channels.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace Channels.Engine.Tests.Events;

public sealed class EventTests : IAsyncLifetime
{
    private readonly Metrics _metrics = new();
    private readonly ConcurrentQueue<ChannelEvent> _seen = new();
    private readonly ChannelsTestHost _host;

    public EventTests() => _host = ChannelsTestHost.Create(
        channels =>
        {
            channels.Services.AddSingleton<System.Diagnostics.Metrics.IMeterFactory>(_metrics);
            channels.AddChannel("{name}");
        },
        options => options.EventQueueLength = 100);

    public ValueTask InitializeAsync() => default;

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _metrics.Dispose();
    }

    [Fact]
    public async Task Every_kind_is_told_in_its_order_on_the_address()
    {
        await using var listening = Listen(ChannelEventKinds.All);
        var connection = Open();
        await _host.Channels.Catalog.CreateAsync(new() { Name = "a" }).Within();
        await connection.SubscribeAsync("a").Within();
        await connection.JoinAsync("a", new("ann")).Within();
        var message = await _host.Channels.PublishAsync("a", new()).Within();
        await _host.Channels.Catalog.UpdateAsync("a", channel => channel with { Description = "x" }).Within();
        await connection.DisposeAsync();
        await _host.Channels.Catalog.DeleteAsync("a").Within();
        _host.Events.Report(new(ChannelEventKinds.CacheMiss, "default", _host.Time.GetUtcNow()) { Address = "a" });

        await ChannelsTestHost.EventuallyAsync(() => _seen.Any(seen => seen.Kind == ChannelEventKinds.CacheMiss));

        Assert.Equal(
            [
                ChannelEventKinds.ConnectionOpened,
                ChannelEventKinds.ChannelCreated,
                ChannelEventKinds.SubscriptionsChanged,
                ChannelEventKinds.Occupied,
                ChannelEventKinds.MemberAdded,
                ChannelEventKinds.Published,
                ChannelEventKinds.ChannelUpdated,
                ChannelEventKinds.MemberRemoved,
                ChannelEventKinds.SubscriptionsChanged,
                ChannelEventKinds.Vacated,
                ChannelEventKinds.ConnectionClosed,
                ChannelEventKinds.ChannelDeleted,
                ChannelEventKinds.CacheMiss,
            ],
            _seen.Select(seen => seen.Kind));
        Assert.All(_seen, seen => Assert.Equal(("default", _host.Time.GetUtcNow()), (seen.Instance, seen.At)));
        Assert.All(
            _seen.Where(seen => seen.Kind is not (ChannelEventKinds.ConnectionOpened or ChannelEventKinds.ConnectionClosed)),
            seen => Assert.Equal("a", seen.Address?.Channel));
        Assert.Equal(message, Of(ChannelEventKinds.Published).Message);
        Assert.Equal("ann", Of(ChannelEventKinds.MemberRemoved).Member?.Id);
        Assert.Equal("x", Of(ChannelEventKinds.ChannelUpdated).Channel?.Description);
        Assert.Equal(connection.Id, Of(ChannelEventKinds.ConnectionClosed).Connection?.Id);
        Assert.Equal(ConnectionEnd.Closed, Of(ChannelEventKinds.ConnectionClosed).End);

        ChannelEvent Of(ChannelEventKinds kind) => _seen.Single(seen => seen.Kind == kind);
    }

    [Fact]
    public async Task An_address_is_occupied_by_the_first_and_vacated_by_the_last_whatever_comes_between()
    {
        await using var listening = Listen(ChannelEventKinds.Occupied | ChannelEventKinds.Vacated);
        var one = Open();
        var two = Open();
        await one.SubscribeAsync("a").Within();
        await two.JoinAsync("a", new("bob")).Within();
        one.Unsubscribe("a");
        two.Leave("a", TimeSpan.FromSeconds(5));
        _host.Time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal([ChannelEventKinds.Occupied], await SeenAsync(1));
        _host.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal([ChannelEventKinds.Occupied, ChannelEventKinds.Vacated], await SeenAsync(2));
        await two.SubscribeAsync("a").Within();
        Assert.Equal([ChannelEventKinds.Occupied, ChannelEventKinds.Vacated, ChannelEventKinds.Occupied], await SeenAsync(3));
    }

    [Fact]
    public async Task Occupied_and_vacated_take_turns_when_many_come_and_go_at_once()
    {
        await using var host = ChannelsTestHost.Create(channels => channels.AddChannel("{name}"));
        var turns = new ConcurrentQueue<ChannelEventKinds>();
        var last = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var listening = host.Events.Subscribe(ChannelEventKinds.All & ~ChannelEventKinds.Published, (occurred, _) =>
        {
            if (occurred.Address?.Channel == "a")
            {
                turns.Enqueue(occurred.Kind);
            }
            else if (occurred.Kind == ChannelEventKinds.Occupied)
            {
                last.SetResult();
            }

            return default;
        });
        await Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Run(async () =>
        {
            for (var i = 0; i < 200; i++)
            {
                var connection = host.Connections.TryOpen(new() { Protocol = "test", Caller = ChannelCaller.Host })!;
                if (i % 2 == worker % 2)
                {
                    await connection.SubscribeAsync("a").Within();
                }

                await connection.JoinAsync("a", new($"m{worker}")).Within();
                await connection.DisposeAsync();
            }
        }))).Within(TimeSpan.FromSeconds(30));
        await using var end = host.Connections.TryOpen(new() { Protocol = "test", Caller = ChannelCaller.Host })!;
        await end.SubscribeAsync("end").Within();
        await last.Task.Within();

        var members = 0;
        var isOccupied = false;
        foreach (var turn in turns)
        {
            members += turn switch { ChannelEventKinds.MemberAdded => 1, ChannelEventKinds.MemberRemoved => -1, _ => 0 };
            if (turn is ChannelEventKinds.Occupied or ChannelEventKinds.Vacated)
            {
                Assert.Equal(turn == ChannelEventKinds.Vacated, isOccupied);
                isOccupied = !isOccupied;
            }

            Assert.True(isOccupied || members == 0);
        }

        Assert.False(isOccupied);
        Assert.Equal(0, members);
    }

    [Fact]
    public async Task A_handler_that_throws_is_counted_and_told_the_next_event()
    {
        var calls = 0;
        await using var throwing = _host.Events.Subscribe(ChannelEventKinds.Published, (_, _) =>
        {
            Interlocked.Increment(ref calls);
            throw new InvalidOperationException("The handler's own fault.");
        });
        await using var listening = Listen(ChannelEventKinds.Published);
        for (var i = 0; i < 10; i++)
        {
            await _host.Channels.PublishAsync("a", new()).Within();
        }

        Assert.Equal(10, (await SeenAsync(10)).Count());
        await ChannelsTestHost.EventuallyAsync(() => Volatile.Read(ref calls) == 10);
        await ChannelsTestHost.EventuallyAsync(() => _metrics["channels.events.failed"] == 10);
        Assert.Equal(0, _metrics["channels.events.dropped"]);
    }

    [Fact]
    public async Task P5_a_handler_that_hangs_holds_up_nobody_and_what_it_misses_is_counted()
    {
        var hanging = new TaskCompletionSource();
        var begun = new TaskCompletionSource();
        var stuck = _host.Events.Subscribe(ChannelEventKinds.Published, async (_, stop) =>
        {
            begun.TrySetResult();
            await hanging.Task.WaitAsync(stop);
        });
        await _host.Channels.PublishAsync("a", new()).Within();
        await begun.Task.Within();
        await using var listening = Listen(ChannelEventKinds.Published);
        for (var i = 0; i < 130; i++)
        {
            await _host.Channels.PublishAsync("a", new()).Within();
            await SeenAsync(i + 1);
        }

        Assert.Equal(30, _metrics["channels.events.dropped"]);
        await stuck.DisposeAsync().AsTask().Within();
        await _host.Channels.PublishAsync("a", new()).Within();
        await SeenAsync(131);
        Assert.Equal(30, _metrics["channels.events.dropped"]);
    }

    [Fact]
    public async Task Nothing_is_told_after_a_handler_was_disposed_and_only_what_it_wants_before()
    {
        var listening = Listen(ChannelEventKinds.MemberAdded);
        await Open().JoinAsync("a", new("ann")).Within();
        await _host.Channels.PublishAsync("a", new()).Within();
        await SeenAsync(1);
        await listening.DisposeAsync().AsTask().Within();
        await Open().JoinAsync("a", new("bob")).Within();
        Assert.Equal([ChannelEventKinds.MemberAdded], _seen.Select(seen => seen.Kind));
    }

    private IAsyncDisposable Listen(ChannelEventKinds kinds) => _host.Events.Subscribe(kinds, (occurred, _) =>
    {
        _seen.Enqueue(occurred);
        return default;
    });

    private IChannelConnection Open() => _host.Connections.TryOpen(new() { Protocol = "test", Caller = ChannelCaller.Host })!;

    private async Task<IEnumerable<ChannelEventKinds>> SeenAsync(int count)
    {
        await ChannelsTestHost.EventuallyAsync(() => _seen.Count >= count);
        return _seen.Select(seen => seen.Kind);
    }
}
