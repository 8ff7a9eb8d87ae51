using Channels.Engine.Tests.Support;
using Channels.Testing;
using Channels.TestSupport;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Channels.Engine.Tests.Load;

public sealed class LimiterTests : IAsyncDisposable
{
    private readonly Metrics _metrics = new();
    private ChannelsTestHost? _host;

    public async ValueTask DisposeAsync()
    {
        await (_host?.DisposeAsync() ?? default);
        _metrics.Dispose();
    }

    [Fact]
    public void A_bucket_gives_its_permits_at_once_and_then_as_they_come_back()
    {
        var (limiter, time) = Create(("p", new() { Permits = 10, Period = TimeSpan.FromSeconds(1) }));
        Assert.Equal(10, CountGranted(limiter, "p", 30));
        Assert.False(limiter.TryAcquire(Request("p"), out var retryAfter));
        Assert.Equal(TimeSpan.FromMilliseconds(100), retryAfter);
        time.Advance(retryAfter - TimeSpan.FromTicks(1));
        Assert.False(limiter.TryAcquire(Request("p"), out retryAfter));
        Assert.Equal(TimeSpan.FromTicks(1), retryAfter);
        time.Advance(retryAfter);
        Assert.True(limiter.TryAcquire(Request("p"), out _));
        Assert.Equal(0, CountGranted(limiter, "p", 5));
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(10, CountGranted(limiter, "p", 30));
        Assert.True(_metrics.LimitReached("p") > 0);
    }

    [Fact]
    public void A_window_gives_its_permits_until_it_ends()
    {
        var (limiter, time) = Create(("p", new() { Kind = LimitKind.FixedWindow, Permits = 3, Period = TimeSpan.FromSeconds(1) }));
        Assert.Equal(3, CountGranted(limiter, "p", 10));
        time.Advance(TimeSpan.FromMilliseconds(400));
        Assert.False(limiter.TryAcquire(Request("p"), out var retryAfter));
        Assert.Equal(TimeSpan.FromMilliseconds(600), retryAfter);
        time.Advance(retryAfter);
        Assert.Equal(3, CountGranted(limiter, "p", 10));
        Assert.False(limiter.TryAcquire(Request("p") with { Permits = 4 }, out _));
    }

    [Theory]
    [InlineData(LimitKind.TokenBucket)]
    [InlineData(LimitKind.FixedWindow)]
    public void Over_any_time_no_more_is_granted_than_the_limit_says(LimitKind kind)
    {
        var (limiter, time) = Create(("p", new() { Kind = kind, Permits = 7, Period = TimeSpan.FromSeconds(1) }));
        var random = new Random(3);
        var granted = 0;
        var started = time.GetTimestamp();
        for (var i = 0; i < 20_000; i++)
        {
            granted += limiter.TryAcquire(Request("p"), out _) ? 1 : 0;
            time.Advance(TimeSpan.FromMilliseconds(random.Next(60)));
        }

        var allowed = 7 * (time.GetElapsedTime(started).TotalSeconds + 1);
        Assert.InRange(granted, allowed * 0.9, allowed);
    }

    [Fact]
    public void Each_has_a_budget_of_its_own_by_the_scope_of_the_limit()
    {
        var one = new Func<LimitScope, LimitOptions>(scope => new() { Permits = 1, Scope = scope });
        var (limiter, _) = Create(
            ("instance", one(LimitScope.Instance)), ("user", one(LimitScope.User)), ("address", one(LimitScope.Address)),
            ("connection", one(LimitScope.Connection)), ("remote", one(LimitScope.Remote)));
        var ann = Request("", "ann") with { Address = "a", ConnectionId = "1.1", Remote = "::1" };
        var bob = Request("", "bob") with { Address = "b", ConnectionId = "1.2", Remote = "::2" };

        Assert.Equal((true, false, true), (Try("instance", ann), Try("instance", bob), Try("instance", bob with { Instance = "other" })));
        Assert.Equal((true, true, false), (Try("user", ann), Try("user", bob), Try("user", ann with { ConnectionId = "1.3" })));
        Assert.Equal((true, true, false), (Try("address", ann), Try("address", bob), Try("address", bob with { Address = "a" })));
        Assert.Equal((true, true, false), (Try("connection", ann), Try("connection", bob), Try("connection", ann)));
        Assert.Equal((true, true, false), (Try("remote", ann), Try("remote", bob), Try("remote", bob)));
        Assert.True(Try("unnamed", ann));

        bool Try(string policy, LimitRequest request) => limiter.TryAcquire(request with { Policy = policy }, out _);
    }

    [Fact]
    public void Budgets_are_bounded_and_full_ones_are_forgotten()
    {
        var (limiter, time) = Create(
            options => options.MaxLimitPartitions = 2, ("user", new() { Permits = 2, Scope = LimitScope.User, Period = TimeSpan.FromSeconds(10) }));
        Assert.True(limiter.TryAcquire(Request("user", "ann"), out _));
        Assert.True(limiter.TryAcquire(Request("user", "bob"), out _));
        Assert.False(limiter.TryAcquire(Request("user", "cat"), out _));
        Assert.Equal(1, _metrics.LimitReached("limit_partitions"));
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.True(limiter.TryAcquire(Request("user", "cat"), out _));
    }

    [Fact]
    public async Task Changes_of_objects_count_as_publishes()
    {
        Create((ChannelLimits.Publish, new() { Permits = 2, Scope = LimitScope.User }));
        await _host!.Channels.Objects.Classes.CreateAsync(new() { Name = "books", OtherPermission = ClassPermission.CreateObjects }).Within();
        var ann = _host.Channels.As(ChannelCaller.User("ann")).Objects;
        var id = (await ann.CreateAsync("books", new()).Within()).Value!.Id;
        Assert.Equal(ObjectStatus.Done, (await ann.UpdateAsync("books", id, new()).Within()).Status);

        var refused = await ann.DeleteAsync("books", id).Within();

        Assert.Equal((ObjectStatus.Throttled, TimeSpan.FromMilliseconds(500)), (refused.Status, refused.RetryAfter));
        Assert.Equal(ObjectStatus.Done, (await ann.GetAsync("books", id).Within()).Status);
        Assert.Equal(ObjectStatus.Done, (await _host.Channels.Objects.DeleteAsync("books", id).Within()).Status);
    }

    [Fact]
    public async Task Publishing_and_subscribing_are_throttled_for_everybody_but_the_host()
    {
        Create((ChannelLimits.Publish, new() { Permits = 2, Scope = LimitScope.User }), (ChannelLimits.Subscribe, new() { Permits = 2, Scope = LimitScope.Connection }));
        var ann = _host!.Channels.As(ChannelCaller.User("ann"));
        Assert.True((await ann.TryPublishAsync("a", new()).Within()).Succeeded);
        Assert.All(await ann.TryPublishManyAsync([new("a", new()), new("b", new())]).AsTask().Within(), result => Assert.Equal(PublishStatus.Throttled, result.Status));
        Assert.True((await ann.TryPublishAsync("a", new()).Within()).Succeeded);
        var refused = await ann.TryPublishAsync("a", new()).Within();
        Assert.Equal((PublishStatus.Throttled, TimeSpan.FromMilliseconds(500)), (refused.Status, refused.RetryAfter));
        Assert.True((await _host.Channels.As(ChannelCaller.User("bob")).TryPublishAsync("a", new()).Within()).Succeeded);
        for (var i = 0; i < 10; i++)
        {
            await _host.Channels.PublishAsync("a", new()).Within();
        }

        await using var connection = _host.Connections.TryOpen(new() { Protocol = "test", Caller = ChannelCaller.User("ann") })!;
        Assert.Equal(AccessStatus.Allowed, (await connection.SubscribeAsync("a").Within()).Access);
        Assert.Equal(AccessStatus.Allowed, (await connection.SubscribeAsync("b").Within()).Access);
        var third = await connection.SubscribeAsync("c").Within();
        Assert.Equal((AccessStatus.Throttled, TimeSpan.FromMilliseconds(500)), (third.Access, third.RetryAfter));
        _host.Time.Advance(third.RetryAfter);
        Assert.Equal(AccessStatus.Allowed, (await connection.SubscribeAsync("c").Within()).Access);
    }

    [Fact]
    public void A_limit_out_of_range_stops_the_host_by_name()
    {
        var failure = Assert.Throws<OptionsValidationException>(() => Create(("p", new() { Permits = 0 })));
        Assert.Contains("Limits:p:Permits", failure.Message, StringComparison.Ordinal);
    }

    private (IChannelLimiter Limiter, ManualTimeProvider Time) Create(params (string Name, LimitOptions Limit)[] limits) => Create(_ => { }, limits);

    private (IChannelLimiter Limiter, ManualTimeProvider Time) Create(
        Action<ChannelsOptions> configure, params (string Name, LimitOptions Limit)[] limits)
    {
        _host = ChannelsTestHost.Create(
            channels =>
            {
                channels.Services.AddSingleton<System.Diagnostics.Metrics.IMeterFactory>(_metrics);
                channels.AddChannel("{name}", c => c.Others(ChannelPermission.Publish).ClientsMayPublish());
            },
            options =>
            {
                configure(options);
                foreach (var (name, limit) in limits)
                {
                    options.Limits.Add(name, limit);
                }
            });
        return (_host.Services.GetRequiredService<IChannelLimiter>(), _host.Time);
    }

    private static int CountGranted(IChannelLimiter limiter, string policy, int tries) =>
        Enumerable.Range(0, tries).Count(_ => limiter.TryAcquire(Request(policy), out var _));

    private static LimitRequest Request(string policy, string user = "ann") => new(policy, ChannelCaller.User(user), "default");
}
