using Channels.Testing;
using Channels.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace Channels.Engine.Tests.Subscriptions;

/// <summary>Removing what one address holds, whatever gives its name.</summary>
public sealed class ClearTests : IAsyncLifetime
{
    private readonly ChannelsTestHost _host = ChannelsTestHost.Create(
        channels => channels
            .AddChannel("rooms", c => c.SeparateRooms().Others(ChannelPermission.Subscribe))
            .AddChannel("{name}", c => c.Others(ChannelPermission.Subscribe)),
        options =>
        {
            options.Instances.Add(ChannelAddress.DefaultInstance);
            options.Instances.Add("other");
        });

    public ValueTask InitializeAsync() => default;

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Clearing_ends_subscriptions_and_polls_and_the_address_starts_anew()
    {
        var old = await PublishAsync("a");
        await using var reader = _host.Channels.As(ChannelCaller.User("ann")).SubscribeAsync("a", SubscribeFrom.Oldest).GetAsyncEnumerator();
        Assert.True(await reader.MoveNextAsync().Within());
        var next = reader.MoveNextAsync().AsTask();
        var poll = _host.Channels.PollAsync("a", old.Cursor).AsTask();

        Assert.Equal(CatalogStatus.Done, await _host.Channels.Catalog.ClearAsync("a").Within());

        Assert.Equal(AccessStatus.NotFound, (await Assert.ThrowsAsync<ChannelAccessException>(() => next.Within())).Status);
        Assert.Equal(PollOutcome.ChannelDeleted, (await poll.Within()).Outcome);
        Assert.Empty((await _host.Channels.ReadHistoryAsync("a").Within()).Messages);
        await using var later = _host.Channels.SubscribeAsync("a", SubscribeFrom.Oldest.ContinueOverGaps()).GetAsyncEnumerator();
        var message = await PublishAsync("a");
        Assert.True(await later.MoveNextAsync().Within());
        Assert.Equal(message.Id, later.Current.Id);
    }

    [Fact]
    public async Task Clearing_a_room_leaves_the_others_alone()
    {
        await PublishAsync(new("rooms", "red"));
        var blue = await PublishAsync(new("rooms", "blue"));
        var poll = _host.Channels.PollAsync(new("rooms", "blue")).AsTask();

        Assert.Equal(CatalogStatus.Done, await _host.Channels.Catalog.ClearAsync(new("rooms", "red")).Within());

        Assert.Equal([blue.Id], (await _host.Channels.ReadHistoryAsync("rooms", new() { AllRooms = true }).Within()).Messages.Select(message => message.Id));
        var next = await PublishAsync(new("rooms", "blue"));
        Assert.Equal(next.Id, (await poll.Within()).Message!.Id);
    }

    [Fact]
    public async Task A_stored_channel_stays_and_loses_its_messages()
    {
        await _host.Channels.Catalog.CreateAsync(new() { Name = "stored" }).Within();
        await PublishAsync("stored");

        Assert.Equal(CatalogStatus.Done, await _host.Channels.Catalog.ClearAsync("stored").Within());

        Assert.Equal(CatalogStatus.Done, (await _host.Channels.Catalog.GetAsync("stored").Within()).Status);
        Assert.Empty((await _host.Channels.ReadHistoryAsync("stored").Within()).Messages);
    }

    [Fact]
    public async Task What_is_not_there_is_not_found()
    {
        Assert.Equal(CatalogStatus.NotFound, await _host.Channels.Catalog.ClearAsync("a").Within());
        await PublishAsync("a", transient: true);
        Assert.Equal(CatalogStatus.Done, await _host.Channels.Catalog.ClearAsync("a").Within());
        Assert.Equal(CatalogStatus.NotFound, await _host.Channels.Catalog.ClearAsync("a").Within());
        var poll = _host.Channels.PollAsync("a").AsTask();
        Assert.Equal(CatalogStatus.Done, await _host.Channels.Catalog.ClearAsync("a").Within());
        Assert.Equal(PollOutcome.ChannelDeleted, (await poll.Within()).Outcome);
    }

    [Fact]
    public async Task A_pattern_finds_the_address_again()
    {
        var connection = _host.Connections.TryOpen(new() { Protocol = "test", Caller = ChannelCaller.User("ann") })!;
        Assert.True(ChannelPattern.TryParse("*", out var pattern));
        Assert.Equal(AccessStatus.Allowed, (await connection.SubscribePatternAsync(pattern, "default").Within()).Access);
        await PublishAsync("a");
        Assert.Equal(DeliveryKind.Message, Assert.Single(await connection.ReadAsync(1)).Kind);

        Assert.Equal(CatalogStatus.Done, await _host.Channels.Catalog.ClearAsync("a").Within());
        var ended = Assert.Single(await connection.ReadAsync(1));
        Assert.Equal((DeliveryKind.SubscriptionEnded, AccessStatus.NotFound), (ended.Kind, ended.Reason));
        var message = await PublishAsync("a");

        Assert.Equal(message.Id, Assert.Single(await connection.ReadAsync(1)).Message!.Id);
    }

    [Fact]
    public async Task Only_who_may_write_the_catalogue_may_clear()
    {
        await PublishAsync("a");
        Assert.Equal(CatalogStatus.Forbidden, await _host.Channels.As(ChannelCaller.User("ann")).Catalog.ClearAsync("a").Within());
        Assert.Equal(CatalogStatus.InstanceNotFound, await _host.Channels.In("unknown").Catalog.ClearAsync("a").Within());
        Assert.Equal(CatalogStatus.NotFound, await _host.Channels.In("other").Catalog.ClearAsync("a").Within());
        Assert.Equal(CatalogStatus.Invalid, await _host.Channels.Catalog.ClearAsync("a\n").Within());
        Assert.Single((await _host.Channels.ReadHistoryAsync("a").Within()).Messages);
    }

    private async Task<ChannelMessage> PublishAsync(ChannelAddress address, bool? transient = null) =>
        await _host.Channels.PublishAsync(address, new("1") { Transient = transient }).Within();
}
