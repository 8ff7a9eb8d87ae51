using Channels.Engine.Tests.Support;
using Channels.Testing;
using Channels.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace Channels.Engine.Tests.Hosting;

/// <summary>P10: one past each limit. The append queue's is in its own tests.</summary>
public sealed class LimitTests : IAsyncLifetime
{
    private readonly Metrics _metrics = new();
    private ChannelsTestHost _host = null!;

    public ValueTask InitializeAsync() => default;

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _metrics.Dispose();
    }

    [Fact]
    public async Task P10_connections()
    {
        Create(o => o.MaxConnections = 2);
        var first = Open();
        _ = Open();

        Assert.Null(_host.Connections.TryOpen(new() { Protocol = "test", Caller = ChannelCaller.Host }));
        Assert.Equal(1, _metrics.LimitReached("connections"));
        var stream = _host.Channels.SubscribeAsync("a").GetAsyncEnumerator();
        Assert.Equal(
            AccessStatus.LimitReached, (await Assert.ThrowsAsync<ChannelAccessException>(() => stream.MoveNextAsync().Within())).Status);

        await first.DisposeAsync();
        Assert.Equal(1, _host.Connections.Count);
        _ = Open();
    }

    [Fact]
    public async Task P10_connections_of_expired_callers_are_not_counted()
    {
        Create(o => o.MaxConnections = 2);
        for (var i = 0; i < 20; i++)
        {
            var expired = ChannelCaller.User("ann") with { ExpiresAt = _host.Time.GetUtcNow() };
            _host.Connections.TryOpen(new() { Protocol = "test", Caller = expired });
            await ChannelsTestHost.EventuallyAsync(() => _host.Connections.Count == 0);
        }

        Assert.Equal(0, _metrics["channels.connections.active"]);
    }

    [Fact]
    public async Task P10_subscriptions_of_a_connection()
    {
        Create(o => o.MaxSubscriptions = 2);
        await using var connection = Open();
        Assert.True(ChannelPattern.TryParse("x/*", out var pattern));
        Assert.True(ChannelPattern.TryParse("y/*", out var other));
        await connection.SubscribeAsync("a").Within();
        await connection.SubscribePatternAsync(pattern, "default").Within();

        Assert.Equal(AccessStatus.LimitReached, (await connection.SubscribeAsync("b").Within()).Access);
        Assert.Equal(AccessStatus.LimitReached, (await connection.SubscribePatternAsync(other, "default").Within()).Access);
        Assert.Equal(AccessStatus.Allowed, (await connection.SubscribeAsync("a").Within()).Access);
        Assert.Equal(2, _metrics.LimitReached("subscriptions"));

        connection.Unsubscribe("a");
        Assert.Equal(AccessStatus.Allowed, (await connection.SubscribeAsync("b").Within()).Access);
    }

    [Fact]
    public async Task P10_addresses_of_a_pattern()
    {
        Create(o => o.MaxPatternMatches = 2);
        await using var connection = Open();
        Assert.True(ChannelPattern.TryParse("x/*", out var pattern));
        await connection.SubscribePatternAsync(pattern, "default").Within();

        foreach (var name in new[] { "x/1", "x/2", "x/3", "x/1" })
        {
            await _host.Channels.PublishAsync(name, new()).Within();
        }

        Assert.Equal(["x/1", "x/2", "x/1"], (await connection.ReadAsync(3)).Select(delivery => delivery.Address.Channel));
        Assert.Equal(1, _metrics.LimitReached("pattern_matches"));
    }

    [Fact]
    public async Task P10_polls_in_all_and_on_one_address()
    {
        Create(o => (o.MaxPolls, o.MaxPollsPerAddress) = (3, 2));
        using var leaving = new CancellationTokenSource();
        var polls = new List<Task<PollResult>> { Poll("a"), Poll("a") };

        Assert.Equal(AccessStatus.LimitReached, (await Poll("a").Within()).Access);
        Assert.Equal(1, _metrics.LimitReached("polls_per_address"));
        polls.Add(_host.Channels.PollAsync("b", cancellationToken: leaving.Token).AsTask());
        Assert.Equal(AccessStatus.LimitReached, (await Poll("c").Within()).Access);
        Assert.Equal(1, _metrics.LimitReached("polls"));
        Assert.Equal(3, _metrics["channels.polls.parked"]);

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => polls[2].Within());
        var late = Poll("c");
        await _host.Channels.PublishAsync("a", new()).Within();
        await _host.Channels.PublishAsync("c", new()).Within();
        await Task.WhenAll(polls[0], polls[1], late).Within();
        Assert.Equal(0, _metrics["channels.polls.parked"]);
    }

    [Fact]
    public async Task P10_active_addresses_are_bounded_and_idle_ones_are_forgotten()
    {
        Create(o => o.MaxActiveAddresses = 2);
        await using var connection = Open();
        Assert.Equal(AccessStatus.Allowed, (await connection.SubscribeAsync("a").Within()).Access);
        Assert.Equal(AccessStatus.Allowed, (await connection.SubscribeAsync("b").Within()).Access);

        Assert.Equal(AccessStatus.LimitReached, (await connection.SubscribeAsync("c").Within()).Access);
        Assert.Equal(AccessStatus.LimitReached, (await Poll("c").Within()).Access);
        Assert.Equal(2, _metrics.LimitReached("active_addresses"));

        connection.Unsubscribe("b");
        _host.Time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(AccessStatus.LimitReached, (await connection.SubscribeAsync("c").Within()).Access);
        _host.Time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(AccessStatus.Allowed, (await connection.SubscribeAsync("c").Within()).Access);
        await _host.Channels.PublishAsync("a", new("1")).Within();
        Assert.Equal("1", (await connection.ReadAsync(1))[0].Message!.PayloadText());
    }

    [Fact]
    public async Task P10_drafts_of_one_request_and_bytes_of_a_payload()
    {
        Create(o => (o.MaxPublishMany, o.MaxPayloadBytes) = (2, 3));

        var many = await _host.Channels.TryPublishManyAsync([new("a", new("1")), new("a", new("2")), new("a", new("3"))]).Within();
        var fits = await _host.Channels.TryPublishManyAsync([new("a", new("1")), new("a", new("2"))]).Within();

        Assert.All(many, result => Assert.Equal(PublishStatus.Overloaded, result.Status));
        Assert.All(fits, result => Assert.Equal(PublishStatus.Published, result.Status));
        Assert.Equal(1, _metrics.LimitReached("publish_many"));
        Assert.Equal(PublishStatus.PayloadTooLarge, (await _host.Channels.TryPublishAsync("a", new("1234")).Within()).Status);
        Assert.Equal(PublishStatus.Published, (await _host.Channels.TryPublishAsync("a", new("123")).Within()).Status);
        Assert.Equal(1, _metrics.LimitReached("payload_bytes"));
    }

    [Fact]
    public async Task P10_what_is_counted_up_is_counted_down()
    {
        Create(_ => { });
        Assert.True(ChannelPattern.TryParse("x/**", out var pattern));
        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(async () =>
        {
            var connection = Open();
            await connection.SubscribePatternAsync(pattern, "default").Within();
            await connection.SubscribeAsync($"x/{i % 3}").Within();
            await _host.Channels.PublishAsync($"x/{(i + 1) % 3}", new()).Within();
            var closing = Task.Run(() => connection.Close(ConnectionEnd.Closed));
            await connection.SubscribeAsync("x/late").Within();
            connection.Unsubscribe($"x/{i % 3}");
            connection.UnsubscribePattern(pattern, "default");
            await closing.Within();
        }))).Within();

        Assert.Equal(0, _metrics["channels.subscriptions.active"]);
        Assert.Equal(0, _metrics["channels.connections.active"]);
        Assert.Equal(0, _host.Connections.Count);
    }

    private void Create(Action<ChannelsOptions> options) =>
        _host = ChannelsTestHost.Create(c => _metrics.AddTo(c.AddChannel("{name}").AddChannel("x/{name}")), options);

    private IChannelConnection Open() => _host.Connections.TryOpen(new() { Protocol = "test", Caller = ChannelCaller.Host })!;

    private Task<PollResult> Poll(string channel) => _host.Channels.PollAsync(channel).AsTask();
}
