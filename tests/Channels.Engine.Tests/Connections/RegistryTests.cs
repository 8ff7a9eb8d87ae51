using Channels.Testing;
using Channels.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace Channels.Engine.Tests.Connections;

public sealed class RegistryTests : IAsyncLifetime
{
    private readonly ChannelsTestHost _host = ChannelsTestHost.Create(
        channels => channels.AddChannel("{name}", c => c.Others(ChannelPermission.Subscribe)),
        options =>
        {
            options.Instances.Add("default");
            options.Instances.Add("other");
        });

    public ValueTask InitializeAsync() => default;

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_connection_is_described_with_everything_it_does()
    {
        var opened = _host.Time.GetUtcNow();
        var connection = Open("ann", "sse");
        connection.Held = () => new(2, 20);
        _host.Time.Advance(TimeSpan.FromMinutes(1));
        await connection.SubscribeAsync("a").Within();
        Assert.True(ChannelPattern.TryParse("chat/*", out var pattern));
        await connection.SubscribePatternAsync(pattern, "default").Within();
        await connection.JoinAsync("b", new("ann")).Within();
        await _host.Channels.PublishAsync("a", new("[12345678]")).Within();

        var info = _host.Connections.Find(connection.Id)!;

        Assert.Equal((connection.Id, "sse", "default", opened), (info.Id, info.Protocol, info.Instance, info.Since));
        Assert.Equal("ann", info.Caller.UserId);
        Assert.Equal(["a"], info.Subscriptions.Select(address => address.Channel));
        Assert.Equal(["chat/*"], info.Patterns);
        Assert.Equal(["b"], info.Presences.Select(address => address.Channel));
        Assert.Equal(new ConnectionQueue(3, 30), info.Queue);
        await connection.ReadAsync(1);
        Assert.Equal(new ConnectionQueue(2, 20), _host.Connections.Find(connection.Id)!.Queue);
        await connection.DisposeAsync();
        Assert.Null(_host.Connections.Find(connection.Id));
        Assert.Null(_host.Connections.Find("1.x"));
    }

    [Fact]
    public async Task A_connection_that_says_later_whose_it_is_is_found_and_revoked_by_that()
    {
        var late = Open("nobody", "pusher");
        var ann = Open("ann", "sse");
        var other = Open("nobody", "pusher");
        await late.SubscribeAsync("a").Within();

        late.Identify(ChannelCaller.User("ann"));

        Assert.Equal("ann", late.Caller.UserId);
        Assert.Equal([late.Id, ann.Id], Ids(new() { UserId = "ann" }));
        Assert.Equal([ann.Id], Ids(new() { UserId = "ann", AfterId = late.Id }));
        Assert.Equal([other.Id], Ids(new() { UserId = "nobody" }));
        Assert.Equal(2, await _host.Connections.RevokeUserAsync("default", "ann").Within());
        Assert.Equal(ConnectionEnd.Revoked, late.End);
        Assert.Empty(Ids(new() { UserId = "ann" }));
        late.Identify(ChannelCaller.User("bob"));
        Assert.Empty(Ids(new() { UserId = "bob" }));
    }

    [Fact]
    public void A_caller_that_is_told_later_may_expire()
    {
        var connection = Open("nobody", "pusher");
        connection.Identify(ChannelCaller.User("ann") with { ExpiresAt = _host.Time.GetUtcNow().AddMinutes(5) });
        _host.Time.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal(ConnectionEnd.None, connection.End);
        connection.Identify(ChannelCaller.User("ann") with { ExpiresAt = _host.Time.GetUtcNow().AddMinutes(5) });
        _host.Time.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal(ConnectionEnd.None, connection.End);
        _host.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(ConnectionEnd.CallerExpired, connection.End);
    }

    [Fact]
    public async Task Queries_find_by_instance_user_protocol_and_address()
    {
        var ann = Open("ann", "sse");
        var elsewhere = Open("ann", "websocket", "other");
        var bob = Open("bob", "websocket");
        await bob.SubscribeAsync("a").Within();
        await elsewhere.SubscribeAsync(new("a", Instance: "other")).Within();

        Assert.Equal([ann.Id, elsewhere.Id, bob.Id], Ids(new()));
        Assert.Equal([ann.Id, elsewhere.Id], Ids(new() { UserId = "ann" }));
        Assert.Equal([elsewhere.Id], Ids(new() { UserId = "ann", Instance = "other" }));
        Assert.Equal([elsewhere.Id, bob.Id], Ids(new() { Protocol = "websocket" }));
        Assert.Equal([bob.Id], Ids(new() { Address = "a" }));
        Assert.Empty(Ids(new() { UserId = "nobody" }));
        await ann.DisposeAsync();
        Assert.Equal([elsewhere.Id], Ids(new() { UserId = "ann" }));
        Assert.Equal(2, _host.Connections.Count);
    }

    [Fact]
    public async Task Pages_go_on_behind_a_connection_that_is_gone()
    {
        var all = Enumerable.Range(0, 10).Select(i => Open($"u{i % 2}")).ToArray();
        var page = _host.Connections.List(new() { Limit = 4 });
        Assert.Equal(all.Take(4).Select(connection => connection.Id), page.Connections.Select(info => info.Id));
        Assert.True(page.HasMore);
        await all[3].DisposeAsync();
        Assert.Equal(all[4].Id, _host.Connections.List(new() { AfterId = all[3].Id, Limit = 1 }).Connections[0].Id);
        Assert.Equal(
            new[] { all[5].Id, all[7].Id, all[9].Id }, Ids(new() { UserId = "u1", AfterId = all[3].Id }));
        Assert.False(_host.Connections.List(new() { AfterId = all[5].Id, Limit = 4 }).HasMore);
        Assert.Empty(_host.Connections.List(new() { AfterId = "nonsense" }).Connections);
        Assert.Throws<ArgumentOutOfRangeException>(() => _host.Connections.List(new() { Limit = 1001 }));
    }

    [Fact]
    public async Task P7_who_is_disconnected_gets_nothing_published_later()
    {
        var connection = Open("ann");
        await connection.SubscribeAsync("a").Within();
        Assert.True(await _host.Connections.DisconnectAsync(connection.Id).Within());
        await _host.Channels.PublishAsync("a", new()).Within();

        Assert.False(connection.TryRead(out _));
        Assert.False(await connection.WaitToReadAsync().Within());
        Assert.Equal(ConnectionEnd.Revoked, connection.End);
        Assert.False(await _host.Connections.DisconnectAsync(connection.Id).Within());
    }

    [Fact]
    public async Task P7_an_ended_subscription_is_told_and_gets_nothing_published_later()
    {
        var ann = Open("ann");
        var bob = Open("bob");
        foreach (var connection in new[] { ann, bob })
        {
            await connection.SubscribeAsync("a").Within();
            await connection.SubscribeAsync("b").Within();
            await connection.JoinAsync("a", new(connection.Caller.UserId!)).Within();
        }

        await ann.ReadAsync(1);
        var before = await _host.Channels.PublishAsync("a", new()).Within();
        Assert.Equal(1, await _host.Connections.UnsubscribeAsync(new() { UserId = "ann" }, "a").Within());
        await _host.Channels.PublishAsync("a", new()).Within();
        var other = await _host.Channels.PublishAsync("b", new()).Within();

        var read = await ann.ReadAsync(3);
        Assert.Equal(before.Id, read[0].Message?.Id);
        Assert.Equal((DeliveryKind.SubscriptionEnded, AccessStatus.Forbidden, "a"), (read[1].Kind, read[1].Reason, read[1].Address.Channel));
        Assert.Equal(other.Id, read[2].Message?.Id);
        Assert.Equal(["bob"], (await _host.Channels.Presence.ListAsync("a").Within()).Members.Select(member => member.Id));
        Assert.Equal(1, await _host.Connections.UnsubscribeAsync(new(), "a").Within());
        Assert.Equal(0, await _host.Connections.UnsubscribeAsync(new(), "a").Within());
        Assert.Equal(AccessStatus.Allowed, (await ann.SubscribeAsync("a").Within()).Access);
    }

    [Fact]
    public async Task P7_a_revoked_user_is_gone_everywhere_in_the_instance_and_nowhere_else()
    {
        var caller = ChannelCaller.User("ann");
        var own = Open("ann");
        await own.SubscribeAsync("a").Within();
        await own.JoinAsync("a", new("ann")).Within();
        var shared = _host.Connections.TryOpen(new() { Protocol = "test", Caller = ChannelCaller.Anonymous })!;
        await shared.SubscribeAsync(caller, "a").Within();
        await shared.JoinAsync("b", new("ann"), new() { Caller = caller }).Within();
        var elsewhere = Open("ann", instance: "other");
        await elsewhere.SubscribeAsync(new("a", Instance: "other")).Within();
        var bob = Open("bob");
        await bob.SubscribeAsync("a").Within();
        await bob.WatchMembersAsync("b").Within();
        var poll = _host.Channels.As(caller).PollAsync("a").AsTask();

        Assert.Equal(1, await _host.Connections.RevokeUserAsync("default", "ann").Within());
        var later = await _host.Channels.PublishAsync("a", new()).Within();

        Assert.Equal(ConnectionEnd.Revoked, own.End);
        Assert.False(own.TryRead(out _));
        var polled = await poll.Within();
        Assert.Equal((PollOutcome.Refused, AccessStatus.Forbidden), (polled.Outcome, polled.Access));
        Assert.Equal(DeliveryKind.SubscriptionEnded, Assert.Single(await shared.ReadAsync(1)).Kind);
        Assert.True(shared.IsSilent());
        Assert.Equal(0, (await _host.Channels.Presence.CountAsync("b").Within()).Members);
        Assert.Equal(0, (await _host.Channels.Presence.CountAsync("a").Within()).Members);
        Assert.Equal(ConnectionEnd.None, elsewhere.End);
        var seen = await bob.ReadAsync(2);
        Assert.Contains(seen, delivery => delivery.Presence is { Kind: PresenceChangeKind.Removed });
        Assert.Contains(seen, delivery => delivery.Message?.Id == later.Id);
    }

    [Fact]
    public async Task P7_an_expired_caller_is_ended_and_refused_within_a_second()
    {
        var expiry = _host.Time.GetUtcNow() + TimeSpan.FromSeconds(30);
        var caller = ChannelCaller.User("ann") with { ExpiresAt = expiry };
        var connection = _host.Connections.TryOpen(new() { Protocol = "test", Caller = caller })!;
        await connection.SubscribeAsync("a").Within();
        var poll = _host.Channels.As(caller).PollAsync("a").AsTask();
        _host.Time.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(ConnectionEnd.None, connection.End);
        _host.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(ConnectionEnd.CallerExpired, connection.End);
        Assert.Equal(AccessStatus.Forbidden, (await poll.Within()).Access);
        Assert.Equal(AccessStatus.Forbidden, (await _host.Channels.As(caller).Presence.CountAsync("a").Within()).Access);
        Assert.Equal(0, _host.Connections.CountOf(new() { UserId = "ann" }));
    }

    [Fact]
    public async Task A_random_registry_agrees_with_a_plain_list()
    {
        var random = new Random(7);
        var model = new List<IChannelConnection>();
        for (var step = 0; step < 3_000; step++)
        {
            if (random.Next(5) < 3 || model.Count == 0)
            {
                model.Add(Open($"u{random.Next(20)}", random.Next(2) == 0 ? "sse" : "websocket"));
            }
            else
            {
                var index = random.Next(model.Count);
                await model[index].DisposeAsync();
                model.RemoveAt(index);
            }

            if (step % 50 == 0)
            {
                var user = $"u{random.Next(20)}";
                Assert.Equal(model.Count, _host.Connections.CountOf(new()));
                Assert.Equal(model.Where(connection => connection.Caller.UserId == user).Select(connection => connection.Id), Ids(new() { UserId = user, Limit = 1000 }));
                Assert.Equal(model.Count(connection => connection.Protocol == "sse"), _host.Connections.CountOf(new() { Protocol = "sse" }));
            }
        }
    }

    private IChannelConnection Open(string user, string protocol = "test", string? instance = null) =>
        _host.Connections.TryOpen(new() { Protocol = protocol, Caller = ChannelCaller.User(user), Instance = instance })!;

    private IEnumerable<string> Ids(ConnectionQuery query)
    {
        var page = _host.Connections.List(query);
        Assert.Equal(query.AfterId is null ? page.Connections.Count : -1, query.AfterId is null ? _host.Connections.CountOf(query) : -1);
        return page.Connections.Select(info => info.Id);
    }
}
