using System.Collections.Concurrent;
using Channels.Storage.Memory;
using Channels.Testing;
using Channels.TestSupport;
using Channels.TestSupport.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Channels.Engine.Tests.Load;

public sealed class LoadTests
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Overload_is_entered_at_one_level_and_left_at_a_lower_one()
    {
        await using var host = ChannelsTestHost.Create(channels => channels.AddChannel("{name}"), options => options.MaxConnections = 10);
        var load = host.Services.GetRequiredService<IChannelLoad>();
        var events = new ConcurrentQueue<ChannelEventKinds>();
        await using var listening = host.Events.Subscribe(ChannelEventKinds.OverloadEntered | ChannelEventKinds.OverloadLeft, (occurred, _) =>
        {
            events.Enqueue(occurred.Kind);
            return default;
        });
        var open = new Stack<IChannelConnection>();
        await AssertAsync(7, isOverloaded: false, level: 0.7);
        await AssertAsync(8, isOverloaded: true, level: 0.8);
        await AssertAsync(5, isOverloaded: true, level: 0.5);
        await AssertAsync(4, isOverloaded: false, level: 0.4);
        await AssertAsync(7, isOverloaded: false, level: 0.7);
        await AssertAsync(10, isOverloaded: true, level: 1);
        await ChannelsTestHost.EventuallyAsync(() => events.Count == 3);
        Assert.Equal([ChannelEventKinds.OverloadEntered, ChannelEventKinds.OverloadLeft, ChannelEventKinds.OverloadEntered], events);

        async Task AssertAsync(int connections, bool isOverloaded, double level)
        {
            while (open.Count > connections)
            {
                await open.Pop().DisposeAsync();
            }

            while (open.Count < connections)
            {
                open.Push(host.Connections.TryOpen(new() { Protocol = "test", Caller = ChannelCaller.Host })!);
            }

            host.Time.Advance(Tick);
            Assert.Equal((isOverloaded, level), (load.IsOverloaded, load.Level));
        }
    }

    [Fact]
    public async Task Messages_that_wait_to_be_stored_are_load_by_bytes_and_by_time()
    {
        var time = new ManualTimeProvider();
        var release = new TaskCompletionSource();
        var store = new ScriptedStore(new MemoryStore(time))
        {
            OnAppend = async (_, commit) =>
            {
                await release.Task;
                return await commit();
            },
        };
        await using var host = ChannelsTestHost.Create(
            channels => channels.UseScriptedStorage(store).AddChannel("{name}"),
            options => options.MaxAppendQueueBytes = 100 * 1024,
            time);
        var load = host.Services.GetRequiredService<IChannelLoad>();
        var publishing = new List<Task> { host.Channels.PublishAsync("a", new()).AsTask() };
        var text = $"\"{new string('x', 10 * 1024)}\"";
        for (var i = 0; i < 8; i++)
        {
            publishing.Add(host.Channels.PublishAsync("a", new(text)).AsTask());
        }

        time.Advance(Tick);
        Assert.True(load.IsOverloaded);
        Assert.InRange(load.Level, 0.8, 0.9);
        time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(2, load.Level, tolerance: 0.01);
        release.SetResult();
        await Task.WhenAll(publishing).Within();
        time.Advance(Tick);
        Assert.Equal((false, 0.0), (load.IsOverloaded, load.Level));
    }
}
