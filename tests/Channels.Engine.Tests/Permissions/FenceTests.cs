using System.Collections.Concurrent;
using Channels.Testing;
using Channels.TestSupport;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Channels.Engine.Tests.Permissions;

/// <summary>What ends, ends between two ids: nothing published after the answer is delivered, while others publish at full speed.</summary>
public sealed class FenceTests : IAsyncLifetime
{
    private const int Rounds = 60;

    private static readonly ChannelDescriptor Stored = new() { Name = "stored", OtherPermission = ChannelPermission.Subscribe };

    private readonly ChannelsTestHost _host = ChannelsTestHost.Create(
        c => c.AddChannel("fence").AddChannel("a", a => a.Others(ChannelPermission.Subscribe)));
    private readonly CancellationTokenSource _stop = new();
    private Task _publishing = Task.CompletedTask;

    public ValueTask InitializeAsync() => default;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _publishing.Within();
        await _host.DisposeAsync();
        _stop.Dispose();
    }

    [Fact]
    public async Task P7_nothing_comes_that_is_published_after_unsubscribing()
    {
        Publish(_host, "a");
        await using var connection = Open(_host, ChannelCaller.User("ann"));
        var seen = new ConcurrentQueue<long>();
        var reading = Task.Run(() => connection.ReadToEndAsync(delivery => seen.Enqueue(delivery.Message?.Id ?? 0)));
        for (var round = 0; round < Rounds; round++)
        {
            seen.Clear();
            await connection.SubscribeAsync("a").Within();
            await ChannelsTestHost.EventuallyAsync(() => seen.Count > 5);

            Assert.True(connection.Unsubscribe("a"));
            var fence = await _host.Channels.PublishAsync("a", new()).Within();

            await _host.Channels.PublishAsync("a", new()).Within();
            Assert.DoesNotContain(seen, id => id >= fence.Id);
        }

        connection.Close(ConnectionEnd.Closed);
        await reading.Within();
    }

    [Fact]
    public async Task P7_nothing_comes_that_is_published_after_permission_was_withdrawn()
    {
        Publish(_host, "stored");
        await _host.Channels.Catalog.CreateAsync(Stored).Within();
        for (var round = 0; round < Rounds; round++)
        {
            await _host.Channels.Catalog.UpdateAsync("stored", c => c with { OtherPermission = ChannelPermission.Subscribe }).Within();
            await EndAsync(
                _host,
                ChannelCaller.User("ann"),
                async () => await _host.Channels.Catalog.UpdateAsync("stored", c => c with { OtherPermission = ChannelPermission.None }).Within(),
                AccessStatus.Forbidden,
                new(PollOutcome.Refused, Access: AccessStatus.Forbidden));
        }
    }

    [Fact]
    public async Task P7_nothing_comes_that_is_published_after_the_channel_was_deleted()
    {
        Publish(_host, "stored");
        for (var round = 0; round < Rounds; round++)
        {
            await _host.Channels.Catalog.CreateAsync(Stored).Within();
            await EndAsync(
                _host,
                ChannelCaller.User("ann"),
                async () => Assert.Equal(CatalogStatus.Done, await _host.Channels.Catalog.DeleteAsync("stored").Within()),
                AccessStatus.NotFound,
                new(PollOutcome.ChannelDeleted),
                async () => await _host.Channels.Catalog.CreateAsync(Stored).Within());
            await _host.Channels.Catalog.DeleteAsync("stored").Within();
        }
    }

    [Fact]
    public async Task P7_nothing_comes_that_is_published_after_a_key_was_taken_away()
    {
        for (var round = 0; round < 10; round++)
        {
            var configuration = Keys("1");
            await using var host = ChannelsTestHost.Create(c => c.AddChannel("fence").AddChannel("stored").Services.AddChannels(configuration.GetSection("Channels")));
            var caller = await AuthenticateAsync(host);
            using var stop = new CancellationTokenSource();
            var publishing = PublishUntilAsync(host, "stored", stop.Token);
            await EndAsync(
                host,
                caller,
                () =>
                {
                    configuration["Channels:Keys:0:Id"] = "2";
                    configuration.Reload();
                    return Task.CompletedTask;
                },
                AccessStatus.Forbidden,
                new(PollOutcome.Refused, Access: AccessStatus.Forbidden));
            Assert.Equal(AccessStatus.Forbidden, (await host.Channels.As(caller).PollAsync("stored").Within()).Access);
            Assert.Equal(PublishStatus.Forbidden, (await host.Channels.As(caller).TryPublishAsync("stored", new()).Within()).Status);
            await using var late = Open(host, caller);
            Assert.Equal(AccessStatus.Forbidden, (await late.SubscribeAsync("stored").Within()).Access);
            await stop.CancelAsync();
            await publishing.Within();
        }
    }

    [Fact]
    public async Task P7_nothing_comes_after_the_callers_leave_expired()
    {
        var caller = ChannelCaller.User("ann") with { ExpiresAt = _host.Time.GetUtcNow() + TimeSpan.FromMinutes(1) };
        await using var connection = Open(_host, caller);
        await connection.SubscribeAsync("a").Within();
        var poll = _host.Channels.As(caller).PollAsync("a", new MessageCursor(long.MaxValue - 1)).AsTask();

        _host.Time.Advance(TimeSpan.FromMinutes(1) - TimeSpan.FromTicks(1));
        Assert.Equal(ConnectionEnd.None, connection.End);
        _host.Time.Advance(TimeSpan.FromTicks(1) + TimeSpan.FromMilliseconds(1));
        await _host.Channels.PublishAsync("a", new()).Within();

        Assert.Equal(ConnectionEnd.CallerExpired, connection.End);
        Assert.False(connection.TryRead(out _));
        Assert.False(await connection.WaitToReadAsync().Within());
        Assert.Equal(AccessStatus.Forbidden, (await poll.Within()).Access);
        Assert.Equal(PublishStatus.Forbidden, (await _host.Channels.As(caller).TryPublishAsync("a", new()).Within()).Status);
    }

    /// <summary>Lets a connection, a stream and polls of a caller read, ends them, and looks at what came.</summary>
    private static async Task EndAsync(
        ChannelsTestHost host, ChannelCaller caller, Func<Task> end, AccessStatus reason, PollResult polls, Func<Task>? afterwards = null)
    {
        await using var connection = Open(host, caller);
        Assert.Equal(AccessStatus.Allowed, (await connection.SubscribeAsync("stored").Within()).Access);
        var seen = new ConcurrentQueue<long>();
        var ended = new TaskCompletionSource<AccessStatus>();
        var reading = Task.Run(() => connection.ReadToEndAsync(delivery =>
        {
            seen.Enqueue(delivery.Message?.Id ?? 0);
            if (delivery.Kind == DeliveryKind.SubscriptionEnded)
            {
                ended.TrySetResult(delivery.Reason);
            }
        }));
        var polling = Task.Run(() => PollAsync(host.Channels.As(caller), seen));
        await ChannelsTestHost.EventuallyAsync(() => seen.Count > 20);

        await end();
        var fence = await host.Channels.PublishAsync("fence", new()).Within();

        var last = await polling.Within();
        if (last.Access != AccessStatus.NotFound)
        {
            // A poll that began after a deletion finds nothing.
            Assert.Equal((polls.Outcome, polls.Access), (last.Outcome, last.Access));
        }

        await (afterwards?.Invoke() ?? Task.CompletedTask);
        await host.Channels.PublishAsync("stored", new()).Within();
        if (connection.End == ConnectionEnd.None)
        {
            Assert.Equal(reason, await ended.Task.Within());
            connection.Close(ConnectionEnd.Closed);
        }

        await reading.Within();
        Assert.DoesNotContain(seen, id => id >= fence.Id);
    }

    private static async Task<PollResult> PollAsync(IChannels channels, ConcurrentQueue<long> seen)
    {
        MessageCursor? after = null;
        while (true)
        {
            var result = await channels.PollAsync("stored", after).Within();
            if (result.Message is not { } message)
            {
                return result;
            }

            seen.Enqueue(message.Id);
            after = message.Cursor;
        }
    }

    private static IConfigurationRoot Keys(string id) => new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
    {
        ["Channels:Keys:0:Id"] = id,
        ["Channels:Keys:0:Secret"] = "0123456789abcdef",
        ["Channels:Keys:0:IgnoreAcl"] = "true",
    }).Build();

    private static async Task<ChannelCaller> AuthenticateAsync(ChannelsTestHost host)
    {
        var result = await host.Services.GetRequiredService<IChannelAuthenticator>()
            .AuthenticateAsync(new() { FrontEnd = "test", ApiKey = "0123456789abcdef" }, default).Within();
        Assert.Equal(AuthenticationStatus.Accepted, result.Status);
        return result.Caller;
    }

    private static IChannelConnection Open(ChannelsTestHost host, ChannelCaller caller) =>
        host.Connections.TryOpen(new() { Protocol = "test", Caller = caller, MaxLagMessages = int.MaxValue, MaxLagBytes = long.MaxValue })!;

    private static Task PublishUntilAsync(ChannelsTestHost host, string channel, CancellationToken stop) => Task.Run(async () =>
    {
        while (!stop.IsCancellationRequested)
        {
            await host.Channels.TryPublishAsync(channel, new(), CancellationToken.None).Within();
        }
    }, CancellationToken.None);

    private void Publish(ChannelsTestHost host, string channel) => _publishing = PublishUntilAsync(host, channel, _stop.Token);
}
