using Channels.Engine.Tests.Support;
using Channels.Testing;
using Channels.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace Channels.Engine.Tests.Permissions;

public sealed class RuleTests
{
    private static readonly ChannelCaller Ann = ChannelCaller.User("ann");

    [Fact]
    public async Task A_rule_is_asked_for_its_operations_alone_and_allows_only()
    {
        await using var host = ChannelsTestHost.Create(c => c
            .AddChannel("read:{user}", t => t.Allow(ChannelOperations.Read, r => r["user"] == r.Caller.UserId))
            .AddChannel("public", t => t.Others(ChannelPermission.Subscribe).Allow(ChannelOperations.All, _ => false)));
        var ann = host.Channels.As(Ann);

        Assert.Equal(AccessStatus.Allowed, await ann.CheckAccessAsync("read:ann", ChannelOperations.Subscribe).Within());
        Assert.Equal(AccessStatus.Forbidden, await ann.CheckAccessAsync("read:bob", ChannelOperations.Subscribe).Within());
        Assert.Equal(AccessStatus.Forbidden, await ann.CheckAccessAsync("read:ann", ChannelOperations.Publish).Within());
        Assert.Equal(AccessStatus.Allowed, await ann.CheckAccessAsync("public", ChannelOperations.Subscribe).Within());
        Assert.Equal(AccessStatus.Forbidden, await ann.CheckAccessAsync("public", ChannelOperations.Publish).Within());
    }

    [Fact]
    public async Task One_rule_that_allows_is_enough()
    {
        await using var host = ChannelsTestHost.Create(c => c.AddChannel("a", t => t
            .Allow(ChannelOperations.Read, _ => false)
            .Allow(ChannelOperations.Read, _ => throw new InvalidOperationException("broken"))
            .Allow(ChannelOperations.Read, _ => true)));

        Assert.Equal(AccessStatus.Allowed, await host.Channels.As(Ann).CheckAccessAsync("a", ChannelOperations.History).Within());
    }

    [Fact]
    public async Task A_rule_of_its_own_class_has_a_scope_for_each_decision()
    {
        var scopes = new List<Scoped>();
        await using var host = ChannelsTestHost.Create(c => c
            .AddChannel("a", t => t.Allow<ScopedRule>(ChannelOperations.Read | ChannelOperations.Publish).ClientsMayPublish())
            .Services.AddSingleton(scopes).AddScoped<Scoped>());
        var ann = host.Channels.As(Ann);

        Assert.Equal(PublishStatus.Published, (await ann.TryPublishAsync("a", new()).Within()).Status);
        Assert.Equal(AccessStatus.Allowed, await ann.CheckAccessAsync("a", ChannelOperations.Subscribe).Within());

        Assert.Equal(2, scopes.Count);
        Assert.Equal(2, scopes.Distinct().Count());
        Assert.All(scopes, scope => Assert.True(scope.IsDisposed));
    }

    [Fact]
    public async Task A_rule_that_throws_denies_and_is_counted()
    {
        using var metrics = new Metrics();
        await using var host = ChannelsTestHost.Create(c => metrics.AddTo(c
            .AddChannel("sync", t => t.Allow(ChannelOperations.Read, _ => throw new InvalidOperationException("broken")))
            .AddChannel("async", t => t.Allow<ThrowingRule>(ChannelOperations.Read))));
        var ann = host.Channels.As(Ann);

        Assert.Equal(AccessStatus.Forbidden, await ann.CheckAccessAsync("sync", ChannelOperations.Subscribe).Within());
        Assert.Equal(AccessStatus.Forbidden, (await ann.PollAsync("async").Within()).Access);
        Assert.Equal(2, metrics["channels.rules.failed"]);
    }

    [Fact]
    public async Task Whoever_leaves_while_a_rule_decides_is_not_denied_but_gone()
    {
        var point = new SyncPoint();
        await using var host = ChannelsTestHost.Create(c => c
            .AddChannel("a", t => t.Allow<WaitingRule>(ChannelOperations.Read)).Services.AddSingleton(point));
        using var leaving = new CancellationTokenSource();

        var poll = host.Channels.As(Ann).PollAsync("a", cancellationToken: leaving.Token).AsTask();
        await point.Reached;
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => poll.Within());
    }

    [Fact]
    public async Task Rules_are_not_asked_for_each_delivery()
    {
        var asked = 0;
        await using var host = ChannelsTestHost.Create(c => c.AddChannel("a", t => t.Allow(ChannelOperations.Read, _ => Interlocked.Increment(ref asked) > 0)));
        await using var connection = host.Connections.TryOpen(new() { Protocol = "test", Caller = Ann })!;
        await connection.SubscribeAsync("a").Within();
        for (var i = 0; i < 20; i++)
        {
            await host.Channels.PublishAsync("a", new()).Within();
        }

        await connection.ReadAsync(20);

        Assert.Equal(1, asked);
    }

    private sealed class Scoped : IDisposable
    {
        public bool IsDisposed { get; private set; }

        public void Dispose() => IsDisposed = true;
    }

    private sealed class ScopedRule(Scoped scoped, List<Scoped> scopes) : IChannelRule
    {
        public async ValueTask<bool> IsAllowedAsync(ChannelRuleContext context, CancellationToken cancellationToken)
        {
            await Task.Yield();
            Assert.False(scoped.IsDisposed);
            lock (scopes)
            {
                scopes.Add(scoped);
            }

            return true;
        }
    }

    private sealed class ThrowingRule : IChannelRule
    {
        public async ValueTask<bool> IsAllowedAsync(ChannelRuleContext context, CancellationToken cancellationToken)
        {
            await Task.Yield();
            throw new InvalidOperationException("broken");
        }
    }

    private sealed class WaitingRule(SyncPoint point) : IChannelRule
    {
        public async ValueTask<bool> IsAllowedAsync(ChannelRuleContext context, CancellationToken cancellationToken)
        {
            await point.PassAsync().WaitAsync(cancellationToken);
            return true;
        }
    }
}
