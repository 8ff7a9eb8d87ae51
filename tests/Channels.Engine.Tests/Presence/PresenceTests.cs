using System.Text;
using Channels.Engine.Tests.Support;
using Channels.Testing;
using Channels.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace Channels.Engine.Tests.Presence;

public sealed class PresenceTests : IAsyncLifetime
{
    private static readonly JoinOptions Quietly = new() { Watches = false };

    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(2);

    private readonly Metrics _metrics = new();
    private readonly ChannelsTestHost _host;

    public PresenceTests() => _host = ChannelsTestHost.Create(
        channels =>
        {
            channels.Services.AddSingleton<System.Diagnostics.Metrics.IMeterFactory>(_metrics);
            channels.AddChannel("{name}", c => c.Others(ChannelPermission.Subscribe)).AddChannel("closed-{name}");
        },
        options =>
        {
            options.MaxPresenceChanges = 10;
            options.MaxMembersPerAddress = 50;
            options.MaxMemberInfoBytes = 64;
            options.MaxSubscriptions = 5;
            options.TailIdle = TimeSpan.FromSeconds(1);
        });

    public ValueTask InitializeAsync() => default;

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _metrics.Dispose();
    }

    [Fact]
    public async Task One_user_with_three_connections_is_one_member()
    {
        var watcher = await WatchAsync("a");
        var connections = new[] { Open("ann"), Open("ann"), Open("ann") };
        foreach (var connection in connections)
        {
            var joined = await connection.JoinAsync("a", new("ann")).Within();
            Assert.Equal(["ann"], Ids(joined.Snapshot!));
        }

        Assert.Equal([(PresenceChangeKind.Added, "ann", 1)], await ChangesAsync(watcher, 1));
        Assert.Equal(1, (await _host.Channels.Presence.CountAsync("a").Within()).Members);
        Assert.True(connections[0].Leave("a"));
        Assert.False(connections[0].Leave("a"));
        await connections[1].DisposeAsync();
        Assert.True(watcher.IsSilent());
        await connections[2].DisposeAsync();
        Assert.Equal([(PresenceChangeKind.Removed, "ann", 2)], await ChangesAsync(watcher, 1));
        Assert.Equal(0, _metrics["channels.members.active"]);
    }

    [Fact]
    public async Task The_snapshot_has_the_joiner_and_only_the_others_changes_follow()
    {
        await Open("bob").JoinAsync("a", new("bob") { Info = "{\"name\":\"Bob\"}"u8.ToArray() }).Within();
        var ann = Open("ann");

        var joined = await ann.JoinAsync("a", new("ann")).Within();

        Assert.Equal((AccessStatus.Allowed, 2L, 2), (joined.Access, joined.Snapshot!.Version, joined.Snapshot.Count));
        Assert.Equal(["ann", "bob"], Ids(joined.Snapshot));
        Assert.Equal("{\"name\":\"Bob\"}", Encoding.UTF8.GetString(joined.Snapshot.Members[1].Info.Span));
        Assert.True(ann.IsSilent());
        var cat = Open("cat");
        await cat.JoinAsync("a", new("cat"), Quietly).Within();
        cat.Leave("a");
        Assert.Equal([(PresenceChangeKind.Added, "cat", 3), (PresenceChangeKind.Removed, "cat", 4)], await ChangesAsync(ann, 2));
        Assert.True(cat.IsSilent());
    }

    [Fact]
    public async Task Joining_again_gives_the_same_snapshot_to_everybody_and_tells_nobody()
    {
        var watcher = await WatchAsync("a");
        var ann = Open("ann");
        var first = await ann.JoinAsync("a", new("ann")).Within();
        var again = await ann.JoinAsync("a", new("ann")).Within();
        var other = await Open("eve").WatchMembersAsync("a").Within();

        Assert.Same(first.Snapshot, again.Snapshot);
        Assert.Same(first.Snapshot, other.Snapshot);
        await ChangesAsync(watcher, 1);
        Assert.True(watcher.IsSilent());
        Assert.True(ann.Leave("a"));
        Assert.Equal([(PresenceChangeKind.Removed, "ann", 2)], await ChangesAsync(watcher, 1));
    }

    [Fact]
    public async Task Changes_have_their_place_between_the_messages_around_them()
    {
        var watcher = await WatchAsync("a");
        await watcher.SubscribeAsync("a").Within();
        await watcher.SubscribeAsync("b").Within();
        var expected = new List<string>();
        var ann = Open("ann");
        for (var round = 0; round < 4; round++)
        {
            expected.Add($"{(await _host.Channels.PublishAsync("a", new()).Within()).Id}");
            await ann.JoinAsync("a", new("ann")).Within();
            expected.Add("Added");
            expected.Add($"{(await _host.Channels.PublishAsync("b", new()).Within()).Id}");
            ann.Leave("a");
            expected.Add("Removed");
        }

        var read = await watcher.ReadAsync(expected.Count);

        Assert.Equal(expected, read.Select(delivery => delivery.Presence?.Kind.ToString() ?? $"{delivery.Message!.Id}"));
    }

    [Fact]
    public async Task A_watcher_further_behind_than_is_remembered_gets_all_members_anew()
    {
        var watcher = await WatchAsync("a");
        var other = await WatchAsync("a");
        foreach (var i in Enumerable.Range(0, 11))
        {
            await Open("u").JoinAsync("a", new($"m{i:00}"), Quietly).Within();
        }

        var reset = (await watcher.ReadAsync(1))[0].Presence!;

        Assert.Equal((PresenceChangeKind.Reset, 11L, 11), (reset.Kind, reset.Version, reset.Snapshot!.Count));
        Assert.True(watcher.IsSilent());
        Assert.Same(reset, (await other.ReadAsync(1))[0].Presence);
        await Open("u").JoinAsync("a", new("next")).Within();
        Assert.Equal([(PresenceChangeKind.Added, "next", 12)], await ChangesAsync(watcher, 1));
    }

    [Fact]
    public async Task A_member_that_comes_back_within_its_grace_was_never_away()
    {
        var watcher = await WatchAsync("a");
        var ann = Open("ann");
        await ann.JoinAsync("a", new("ann")).Within();
        ann.Leave("a", Grace);
        _host.Time.Advance(Grace - TimeSpan.FromTicks(1));
        var back = Open("ann");
        await back.JoinAsync("a", new("ann")).Within();
        _host.Time.Advance(Grace * 2);
        Assert.Equal([(PresenceChangeKind.Added, "ann", 1)], await ChangesAsync(watcher, 1));
        Assert.True(watcher.IsSilent());

        back.Leave("a", Grace);
        _host.Time.Advance(Grace - TimeSpan.FromMilliseconds(1));
        Assert.True(watcher.IsSilent());
        _host.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal([(PresenceChangeKind.Removed, "ann", 2)], await ChangesAsync(watcher, 1));
    }

    [Fact]
    public async Task A_connection_that_ends_without_leaving_gives_its_members_the_grace_of_its_front_end()
    {
        var watcher = await WatchAsync("a");
        var lost = _host.Connections.TryOpen(new() { Protocol = "test", Caller = ChannelCaller.User("ann"), PresenceGrace = Grace })!;
        await lost.JoinAsync("a", new("ann")).Within();
        lost.Close(ConnectionEnd.TooSlow);
        await ChangesAsync(watcher, 1);
        Assert.True(watcher.IsSilent());
        _host.Time.Advance(Grace);
        Assert.Equal([(PresenceChangeKind.Removed, "ann", 2)], await ChangesAsync(watcher, 1));
    }

    [Fact]
    public async Task P7_who_lost_the_leave_to_be_there_is_gone_at_once()
    {
        await _host.Channels.Catalog.CreateAsync(new() { Name = "stored", OtherPermission = ChannelPermission.Subscribe }).Within();
        await using var watcher = _host.Connections.TryOpen(new() { Protocol = "test", Caller = ChannelCaller.Host })!;
        await watcher.WatchMembersAsync("stored").Within();
        var expiring = _host.Connections.TryOpen(new()
        {
            Protocol = "test",
            Caller = ChannelCaller.User("exp") with { ExpiresAt = _host.Time.GetUtcNow() + TimeSpan.FromSeconds(10) },
            PresenceGrace = Grace,
        })!;
        await expiring.JoinAsync("stored", new("exp")).Within();
        var ann = Open("ann");
        await ann.JoinAsync("stored", new("ann")).Within();

        _host.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(
            [(PresenceChangeKind.Added, "exp", 1), (PresenceChangeKind.Added, "ann", 2), (PresenceChangeKind.Removed, "exp", 3)],
            await ChangesAsync(watcher, 3));

        await _host.Channels.Catalog.UpdateAsync("stored", channel => channel with { OtherPermission = ChannelPermission.None }).Within();
        Assert.Equal([(PresenceChangeKind.Removed, "ann", 4)], await ChangesAsync(watcher, 1));
        var bob = Open("bob");
        Assert.Equal(AccessStatus.Forbidden, (await bob.JoinAsync("stored", new("bob")).Within()).Access);
        Assert.Equal(AccessStatus.Forbidden, (await bob.WatchMembersAsync("stored").Within()).Access);
        Assert.True(ann.IsSilent() | !ann.Leave("stored"));
    }

    [Fact]
    public async Task A_deleted_channel_has_nobody_not_even_in_grace_and_its_versions_go_on()
    {
        await _host.Channels.Catalog.CreateAsync(new() { Name = "closed-a", OtherPermission = ChannelPermission.Subscribe }).Within();
        var ann = Open("ann");
        var bob = Open("bob");
        await ann.JoinAsync("closed-a", new("ann")).Within();
        await bob.JoinAsync("closed-a", new("bob")).Within();
        bob.Leave("closed-a", Grace);

        await _host.Channels.Catalog.DeleteAsync("closed-a").Within();
        await _host.Channels.Catalog.CreateAsync(new() { Name = "closed-a", OtherPermission = ChannelPermission.Subscribe }).Within();

        Assert.False(ann.Leave("closed-a"));
        Assert.Equal(0, _metrics["channels.members.active"]);
        _host.Time.Advance(Grace);
        Assert.Equal((5L, 1), (await ann.JoinAsync("closed-a", new("ann")).Within()).Snapshot is { } now ? (now.Version, now.Count) : default);
    }

    [Fact]
    public async Task Versions_never_go_back_when_an_address_was_forgotten()
    {
        await using (var ann = Open("ann"))
        {
            await ann.JoinAsync("a", new("ann")).Within();
        }

        _host.Time.Advance(TimeSpan.FromSeconds(5));
        var again = await Open("ann").JoinAsync("a", new("ann")).Within();

        Assert.Equal(3, again.Snapshot!.Version);
    }

    [Fact]
    public async Task Limits_refuse_one_past_them_and_are_counted()
    {
        for (var i = 0; i < 50; i++)
        {
            Assert.Equal(AccessStatus.Allowed, (await Open("u").JoinAsync("a", new($"{i}"), Quietly).Within()).Access);
        }

        Assert.Equal(AccessStatus.LimitReached, (await Open("u").JoinAsync("a", new("51st")).Within()).Access);
        Assert.Equal(AccessStatus.Allowed, (await Open("u").JoinAsync("a", new("49")).Within()).Access);
        Assert.Equal(1, _metrics.LimitReached("members_per_address"));

        await Open("u").JoinAsync("b", new("1"), new() { MaxMembers = 1 }).Within();
        Assert.Equal(AccessStatus.LimitReached, (await Open("u").JoinAsync("b", new("2"), new() { MaxMembers = 1 }).Within()).Access);

        var much = new PresenceMember("x") { Info = Encoding.UTF8.GetBytes($"\"{new string('x', 63)}\"") };
        Assert.Equal(AccessStatus.LimitReached, (await Open("u").JoinAsync("c", much).Within()).Access);
        Assert.Equal(1, _metrics.LimitReached("member_info_bytes"));

        var busy = Open("u");
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(AccessStatus.Allowed, (await busy.JoinAsync($"many{i}", new("u")).Within()).Access);
        }

        Assert.Equal(AccessStatus.LimitReached, (await busy.JoinAsync("many5", new("u")).Within()).Access);
        Assert.Equal(1, _metrics.LimitReached("presences"));
        Assert.Equal(0, (await _host.Channels.Presence.CountAsync("many5").Within()).Members);
    }

    [Theory]
    [InlineData("", "1")]
    [InlineData("a\nb", "1")]
    [InlineData("a", "{")]
    [InlineData("a", "1 2")]
    public async Task A_member_without_a_proper_id_or_info_is_refused(string id, string info)
    {
        var member = new PresenceMember(id) { Info = Encoding.UTF8.GetBytes(info) };
        await Assert.ThrowsAsync<ArgumentException>(() => Open("u").JoinAsync("a", member).AsTask());
        await Assert.ThrowsAsync<ArgumentException>(() => Open("u").JoinAsync("a", new(new string('x', 129))).AsTask());
    }

    [Fact]
    public async Task Watching_by_itself_outlives_a_membership_and_a_membership_outlives_watching()
    {
        var ann = Open("ann");
        await ann.WatchMembersAsync("a").Within();
        await ann.JoinAsync("a", new("ann")).Within();
        Assert.True(ann.Leave("a"));
        Assert.Equal([(PresenceChangeKind.Removed, "ann", 2)], await ChangesAsync(ann, 1));
        await ann.JoinAsync("a", new("ann")).Within();
        Assert.True(ann.UnwatchMembers("a"));
        Assert.False(ann.UnwatchMembers("a"));
        await Open("bob").JoinAsync("a", new("bob")).Within();
        Assert.True(ann.IsSilent());
        Assert.Equal(2, (await _host.Channels.Presence.CountAsync("a").Within()).Members);
    }

    [Fact]
    public async Task Joining_as_another_member_leaves_the_one_before()
    {
        var watcher = await WatchAsync("a");
        var ann = Open("ann");
        await ann.JoinAsync("a", new("ann")).Within();
        var joined = await ann.JoinAsync("a", new("anna")).Within();

        Assert.Equal(
            [(PresenceChangeKind.Added, "ann", 1), (PresenceChangeKind.Added, "anna", 2), (PresenceChangeKind.Removed, "ann", 3)],
            await ChangesAsync(watcher, 3));
        Assert.Equal(2, joined.Snapshot!.Version);
        Assert.Equal([(PresenceChangeKind.Removed, "ann", 3)], await ChangesAsync(ann, 1));
    }

    [Fact]
    public async Task Members_are_listed_in_pages_by_id()
    {
        foreach (var i in Enumerable.Range(0, 25))
        {
            await Open("u").JoinAsync("a", new($"m{i:00}"), Quietly).Within();
        }

        var presence = _host.Channels.As(ChannelCaller.User("bob")).Presence;
        var first = await presence.ListAsync("a", limit: 20).Within();
        var second = await presence.ListAsync("a", afterId: first.Members[^1].Id, limit: 20).Within();

        Assert.Equal((25, 20, true), (first.Count, first.Members.Count, first.HasMore));
        Assert.Equal(["m20", "m21", "m22", "m23", "m24"], second.Members.Select(member => member.Id));
        Assert.False(second.HasMore);
        Assert.Equal(["m20"], (await presence.ListAsync("a", afterId: "m19x", limit: 1).Within()).Members.Select(member => member.Id));
        Assert.Empty((await presence.ListAsync("a", afterId: "z").Within()).Members);
        Assert.Empty((await presence.ListAsync("nobody").Within()).Members);
        Assert.Equal(AccessStatus.Forbidden, (await presence.ListAsync("closed-a").Within()).Access);
        Assert.Equal(AccessStatus.Forbidden, (await presence.CountAsync("closed-a").Within()).Access);
    }

    [Fact]
    public async Task Occupied_addresses_are_listed_by_prefix_in_pages()
    {
        await Open("u").SubscribeAsync("game-1").Within();
        await Open("u").JoinAsync("game-2", new("u")).Within();
        var poll = _host.Channels.PollAsync("game-3").AsTask();
        var left = Open("u");
        await left.SubscribeAsync("game-4").Within();
        await left.DisposeAsync();
        await Open("u").SubscribeAsync("gamf").Within();

        var page = await _host.Channels.Presence.ListOccupiedAsync("game-", limit: 2).Within();
        var rest = await _host.Channels.Presence.ListOccupiedAsync("game-", after: page.Addresses[^1].Address, limit: 2).Within();

        Assert.Equal([new AddressOccupancy("game-1", 1, 0), new AddressOccupancy("game-2", 0, 1)], page.Addresses);
        Assert.True(page.HasMore);
        Assert.Equal([new AddressOccupancy("game-3", 1, 0)], rest.Addresses);
        Assert.False(rest.HasMore);
        Assert.Equal(4, (await _host.Channels.Presence.ListOccupiedAsync().Within()).Addresses.Count);
        Assert.Equal(
            AccessStatus.Forbidden, (await _host.Channels.As(ChannelCaller.User("ann")).Presence.ListOccupiedAsync().Within()).Access);
        Assert.Equal(
            AccessStatus.Allowed, (await _host.Channels.As(ChannelCaller.Admin("1", AdminRole.Read)).Presence.ListOccupiedAsync().Within()).Access);
        Assert.False(poll.IsCompleted);
    }

    private IChannelConnection Open(string user) =>
        _host.Connections.TryOpen(new() { Protocol = "test", Caller = ChannelCaller.User(user) })!;

    private async Task<IChannelConnection> WatchAsync(string address)
    {
        var watcher = Open("watcher");
        Assert.Equal(AccessStatus.Allowed, (await watcher.WatchMembersAsync(address).Within()).Access);
        return watcher;
    }

    private static IEnumerable<string> Ids(PresenceSnapshot snapshot) => snapshot.Members.Select(member => member.Id);

    private static async Task<IEnumerable<(PresenceChangeKind Kind, string Id, int Version)>> ChangesAsync(IChannelConnection connection, int count) =>
        (await connection.ReadAsync(count)).Select(delivery => (delivery.Presence!.Kind, delivery.Presence.Member!.Id, (int)delivery.Presence.Version));
}
