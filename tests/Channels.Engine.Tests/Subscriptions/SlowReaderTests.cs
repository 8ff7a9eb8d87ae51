using Channels.Engine.Tests.Support;
using Channels.Testing;
using Channels.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace Channels.Engine.Tests.Subscriptions;

public sealed class SlowReaderTests : IAsyncLifetime
{
    private readonly Metrics _metrics = new();
    private readonly ChannelsTestHost _host;

    public SlowReaderTests()
    {
        _host = ChannelsTestHost.Create(c => _metrics.AddTo(c.AddChannel("a").AddChannel("b")), o => o.TailMessages = 64);
    }

    public ValueTask InitializeAsync() => default;

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _metrics.Dispose();
    }

    [Theory]
    [InlineData(10, long.MaxValue)]
    [InlineData(int.MaxValue, 10)]
    public async Task P5_who_closes_is_closed_one_past_its_lag(int messages, long bytes)
    {
        await using var slow = Open(new() { Protocol = "test", Caller = ChannelCaller.Host, MaxLagMessages = messages, MaxLagBytes = bytes });
        await slow.SubscribeAsync("a").Within();

        await PublishAsync(10, new("1"));
        Assert.True(await slow.WaitToReadAsync().Within());
        Assert.Equal(ConnectionEnd.None, slow.End);
        await PublishAsync(1, new("1"));

        await ChannelsTestHost.EventuallyAsync(() => slow.End == ConnectionEnd.TooSlow);
        Assert.False(slow.TryRead(out _));
        await ChannelsTestHost.EventuallyAsync(() => _metrics["channels.readers.lagging", "Close"] == 1);
        Assert.Equal(1, _metrics["channels.connections.closed", "TooSlow"]);
    }

    [Theory]
    [InlineData(SlowReaderPolicy.DropOldest, 5, long.MaxValue, 20, 5)]
    [InlineData(SlowReaderPolicy.DropOldest, int.MaxValue, 5, 20, 5)]
    [InlineData(SlowReaderPolicy.KeepLatest, 5, long.MaxValue, 20, 1)]
    [InlineData(SlowReaderPolicy.KeepLatest, int.MaxValue, 5, 20, 1)]
    [InlineData(SlowReaderPolicy.DropOldest, 5, long.MaxValue, 200, 5)]
    [InlineData(SlowReaderPolicy.KeepLatest, 5, long.MaxValue, 200, 1)]
    public async Task P5_who_skips_is_told_exactly_what_it_misses(SlowReaderPolicy policy, int messages, long bytes, int published, int kept)
    {
        await using var slow = Open(new()
        {
            Protocol = "test",
            Caller = ChannelCaller.Host,
            SlowReader = policy,
            MaxLagMessages = messages,
            MaxLagBytes = bytes,
        });
        var start = (await slow.SubscribeAsync("a").Within()).Position;
        var ids = await PublishAsync(published, new("1"));

        var read = await slow.ReadAsync(kept + 1);

        Assert.Equal(new MessageGap(start, new(ids[^(kept + 1)])), read[0].Gap);
        Assert.Equal(ids[^kept..], read.Skip(1).Select(delivery => delivery.Message!.Id));
        Assert.True(slow.IsSilent());
        Assert.Equal(1, _metrics["channels.readers.lagging", policy.ToString()]);
        Assert.Equal(ConnectionEnd.None, slow.End);
    }

    [Theory]
    [InlineData(SlowReaderPolicy.Close)]
    [InlineData(SlowReaderPolicy.DropOldest)]
    [InlineData(SlowReaderPolicy.KeepLatest)]
    public async Task One_message_alone_is_no_lag_however_large_it_is(SlowReaderPolicy policy)
    {
        await using var connection = Open(new() { Protocol = "test", Caller = ChannelCaller.Host, SlowReader = policy, MaxLagBytes = 100 });
        await connection.SubscribeAsync("a").Within();
        for (var i = 0; i < 5; i++)
        {
            var id = (await PublishAsync(1, new($"\"{new string('x', 1_000)}\"")))[0];

            Assert.Equal(id, (await connection.ReadAsync(1))[0].Message?.Id);
        }
    }

    [Fact]
    public async Task P5_a_policy_counts_for_each_address()
    {
        await using var slow = Open(new() { Protocol = "test", Caller = ChannelCaller.Host, SlowReader = SlowReaderPolicy.KeepLatest, MaxLagMessages = 3 });
        await slow.SubscribeAsync("a").Within();
        await slow.SubscribeAsync("b").Within();
        var other = (await _host.Channels.PublishAsync("b", new()).Within()).Id;
        var ids = await PublishAsync(10, new("1"));

        var read = await slow.ReadAsync(3);

        Assert.Equal("a", Assert.Single(read, delivery => delivery.Kind == DeliveryKind.Gap).Address.Channel);
        Assert.Equal([other, ids[^1]], read.Where(delivery => delivery.Message is not null).Select(delivery => delivery.Message!.Id));
    }

    private IChannelConnection Open(ConnectionOptions options) => _host.Connections.TryOpen(options)!;

    private async Task<long[]> PublishAsync(int count, MessageDraft draft)
    {
        var ids = new long[count];
        for (var i = 0; i < count; i++)
        {
            ids[i] = (await _host.Channels.PublishAsync("a", draft).Within()).Id;
        }

        return ids;
    }
}
