using Channels.Testing;
using Channels.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace Channels.Engine.Tests.Hosting;

public sealed class DrainTests
{
    private const int Connections = 2_000;

    [Fact]
    public async Task P9_connections_end_spread_over_the_drain_time_and_publishing_goes_on()
    {
        await using var host = ChannelsTestHost.Create(c => c.AddChannel("a"), o => o.DrainTime = TimeSpan.FromSeconds(10));
        var connections = Enumerable.Range(0, Connections).Select(_ => Open(host)!).ToArray();
        var poll = host.Channels.PollAsync("a").AsTask();

        var draining = host.Maintenance.DrainAsync();

        Assert.True(host.Maintenance.IsDraining);
        Assert.Equal(PollOutcome.Draining, (await poll.Within()).Outcome);
        Assert.Null(Open(host));
        var open = new List<int>();
        while (!draining.IsCompleted)
        {
            open.Add(host.Connections.Count);
            Assert.Equal(PublishStatus.Published, (await host.Channels.TryPublishAsync("a", new()).Within()).Status);
            host.Time.Advance(TimeSpan.FromSeconds(10) / 20);
            await ChannelsTestHost.EventuallyAsync(() => draining.IsCompleted || host.Connections.Count < open[^1]);
        }

        await draining.Within();
        Assert.Equal(0, host.Connections.Count);
        Assert.All(connections, connection => Assert.Equal(ConnectionEnd.Draining, connection.End));
        Assert.InRange(open.Count, 15, 21);
        Assert.All(open.Zip(open.Skip(1)), pair => Assert.InRange(pair.First - pair.Second, 1, Connections / 10));
    }

    [Fact]
    public async Task P9_what_is_left_ends_at_once_when_the_host_waits_no_longer()
    {
        await using var host = ChannelsTestHost.Create(c => c.AddChannel("a"));
        var connections = Enumerable.Range(0, Connections).Select(_ => Open(host)!).ToArray();
        using var impatient = new CancellationTokenSource();

        var draining = host.Maintenance.DrainAsync(impatient.Token);
        Assert.False(draining.IsCompleted);
        await impatient.CancelAsync();
        await draining.Within();

        Assert.All(connections, connection => Assert.Equal(ConnectionEnd.Draining, connection.End));
    }

    [Fact]
    public async Task P9_polls_that_come_and_go_while_the_host_drains_are_all_answered()
    {
        for (var round = 0; round < 50; round++)
        {
            await using var host = ChannelsTestHost.Create(c => c.AddChannel("{name}"));
            var polls = Enumerable.Range(0, 4).Select(client => Task.Run(async () =>
            {
                for (var i = 0; ; i++)
                {
                    var result = await host.Channels.PollAsync($"a{i % 3}").Within();
                    if (result.Outcome == PollOutcome.Draining)
                    {
                        return;
                    }
                }
            })).ToArray();
            for (var i = 0; i < 20; i++)
            {
                await host.Channels.PublishAsync($"a{i % 3}", new()).Within();
            }

            await host.Maintenance.DrainAsync().Within();

            await Task.WhenAll(polls).Within();
        }
    }

    [Fact]
    public async Task Disposing_the_services_ends_everything()
    {
        var host = ChannelsTestHost.Create(c => c.AddChannel("a"));
        var connection = Open(host)!;
        await connection.SubscribeAsync("a").Within();
        var wait = connection.WaitToReadAsync().AsTask();
        var poll = host.Channels.PollAsync("a").AsTask();

        await host.DisposeAsync().Within();

        Assert.False(await wait.Within());
        Assert.Equal(PollOutcome.Draining, (await poll.Within()).Outcome);
        Assert.True(connection.Ended.IsCancellationRequested);
    }

    private static IChannelConnection? Open(ChannelsTestHost host) =>
        host.Connections.TryOpen(new() { Protocol = "test", Caller = ChannelCaller.Host });
}
