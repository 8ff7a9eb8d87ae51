using Channels.Testing;
using Channels.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace Channels.Engine.Tests.Subscriptions;

/// <summary>Readers that are continued together. Source: docs/architecture.md</summary>
public sealed class SharedWakeUpTests
{
    private const int Readers = 400;

    /// <summary>So many are continued one behind the other.</summary>
    private const int Chain = 32;

    [Fact]
    public async Task A_reader_that_holds_up_its_thread_holds_up_no_more_than_its_chain()
    {
        await using var host = ChannelsTestHost.Create(channels => channels.AddChannel("a"));
        using var othersContinued = new ManualResetEventSlim();
        var continued = 0;
        var held = false;
        var readers = new List<Task>();
        for (var i = 0; i < Readers; i++)
        {
            var connection = host.Connections.TryOpen(new() { Protocol = "test", Caller = ChannelCaller.Host, SharesWakeUps = true })!;
            await connection.SubscribeAsync("a").Within();
            readers.Add(ReadAsync(connection, isHeld: i == Readers / 2));
        }

        await host.Channels.PublishAsync("a", "{}").Within();
        await Task.WhenAll(readers).Within();
        Assert.True(held);

        async Task ReadAsync(IChannelConnection connection, bool isHeld)
        {
            await using (connection)
            {
                // On the thread that wakes it, as a front end reads.
                Assert.True(await connection.WaitToReadAsync(CancellationToken.None).ConfigureAwait(false));
                if (isHeld)
                {
                    held = othersContinued.Wait(TimeLimit.Default, CancellationToken.None);
                }
                else if (Interlocked.Increment(ref continued) == Readers - Chain)
                {
                    othersContinued.Set();
                }
            }
        }
    }
}
