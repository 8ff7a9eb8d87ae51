using Channels.Testing;
using Channels.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace Channels.Engine.Tests.Subscriptions;

/// <summary>Starting after a position within a span of time.</summary>
public sealed class SpanStartTests : IAsyncLifetime
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ChannelsTestHost _host = ChannelsTestHost.Create(c => c.AddChannel("a").AddChannel("b"));
    private readonly List<ChannelMessage> _published = [];

    public async ValueTask InitializeAsync()
    {
        // Three seconds with three messages each, transient ones at both ends of a second.
        for (var i = 0; i < 9; i++)
        {
            _published.Add(await _host.Channels.PublishAsync(i % 2 == 0 ? "a" : "b", new("{}") { Transient = i is 3 or 5 }).Within());
            _host.Time.Advance(TimeSpan.FromMilliseconds(i % 3 == 2 ? 400 : 300));
        }
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData(1, 0, new[] { 4, 6, 7, 8 })]
    [InlineData(1, 4, new[] { 6, 7, 8 })]
    [InlineData(1, 5, new[] { 6, 7, 8 })]
    [InlineData(1, -1, new[] { 6, 7, 8 })]
    [InlineData(0, 1, new[] { 2, 4, 6, 7, 8 })]
    [InlineData(0, 7, new[] { 4, 6, 7, 8 })]
    [InlineData(2, 1, new[] { 6, 7, 8 })]
    [InlineData(2, 7, new[] { 8 })]
    [InlineData(-60, 0, new[] { 0, 1, 2, 4, 6, 7, 8 })]
    [InlineData(3, 0, new int[0])]
    [InlineData(1000, 0, new int[0])]
    public async Task Starts_where_time_and_position_say(int second, int seen, int[] expected)
    {
        var cursor = new MessageCursor(seen switch { < 0 => long.MaxValue, 0 => 0, _ => _published[seen].Id });
        var from = SubscribeFrom.Within(Start.AddSeconds(second), Second, cursor);

        for (var again = 0; again < 2; again++)
        {
            var batch = await _host.Channels.PollManyAsync([new("a", from), new("b", from)], new() { Window = TimeSpan.Zero }).Within();
            var stored = batch.Messages.Where(message => !message.IsTransient).Select(message => _published.FindIndex(known => known.Id == message.Id));
            Assert.Equal(expected, stored);
        }
    }

    [Fact]
    public async Task A_position_ahead_of_everything_waits_for_whatever_comes()
    {
        var from = SubscribeFrom.Within(Start.AddDays(1), Second, new(long.MaxValue));
        var poll = _host.Channels.PollManyAsync([new("a", from)]).AsTask();
        Assert.False(poll.IsCompleted);
        var message = await _host.Channels.PublishAsync("a", new()).Within();
        Assert.Equal(message.Id, (await poll.Within()).Messages.Single().Id);
    }

    [Fact]
    public async Task The_position_of_a_transient_message_is_not_read_again()
    {
        var last = await _host.Channels.PublishAsync("a", new("{}") { Transient = true }).Within();
        var from = SubscribeFrom.Within(SecondOf(last), Second, last.Cursor);
        var batch = await _host.Channels.PollManyAsync([new("a", from)], new() { Window = TimeSpan.Zero }).Within();
        Assert.Empty(batch.Messages);
    }

    [Fact]
    public async Task Connections_start_there_too()
    {
        await using var connection = _host.Connections.TryOpen(new() { Protocol = "test", Caller = ChannelCaller.Host })!;
        var from = SubscribeFrom.Within(Start.AddSeconds(2), Second, new(0));
        await connection.SubscribeAsync("a", from).Within();
        await connection.SubscribeAsync("b", from).Within();
        var read = new List<long>();
        while (read.Count < 3 && await connection.WaitToReadAsync().Within())
        {
            while (connection.TryRead(out var delivery))
            {
                read.Add(delivery.Message!.Id);
            }
        }

        Assert.Equal(_published[6..].Select(message => message.Id), read);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_span_has_a_length(int seconds) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => SubscribeFrom.Within(Start, TimeSpan.FromSeconds(seconds), default));

    private DateTimeOffset Start => SecondOf(_published[0]);

    private static DateTimeOffset SecondOf(ChannelMessage message) => new(message.CreatedAt.UtcTicks - (message.CreatedAt.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
}
