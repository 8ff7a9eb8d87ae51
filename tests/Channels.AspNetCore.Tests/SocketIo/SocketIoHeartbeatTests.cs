namespace Channels.AspNetCore.Tests.SocketIo;

/// <summary>Heartbeats on the clock, to the millisecond where a client is alone: every 25 seconds, with 20 seconds to answer.</summary>
public sealed class SocketIoHeartbeatTests : IAsyncLifetime
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(25);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    private readonly SocketIoServer _server = new();

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task The_server_pings_revision_4_punctually_and_counts_from_the_pong()
    {
        using var client = await SocketClient.OpenAsync(_server, "/engine.io", 4);
        for (var beat = 0; beat < 5; beat++)
        {
            _server.Time.Advance(Interval - Moment);
            await EchoAsync(client, "4not yet");
            _server.Time.Advance(Moment);
            Assert.Equal("2", await client.ReadAsync());
            _server.Time.Advance(Timeout - Moment);
            await client.SendAsync("3");
            await EchoAsync(client, "4alive");
        }

        _server.Time.Advance(Interval);
        Assert.Equal("2", await client.ReadAsync());
        _server.Time.Advance(Timeout - Moment);
        Assert.Equal(1, _server.Connections.Count);
        _server.Time.Advance(Moment);
        await client.ReadCloseAsync();
        Assert.Equal(0, _server.Connections.Count);
    }

    [Fact]
    public async Task Another_packet_gives_an_awaited_pong_its_time_once_more()
    {
        using var client = await SocketClient.OpenAsync(_server, "/engine.io", 4);
        _server.Time.Advance(Interval);
        Assert.Equal("2", await client.ReadAsync());
        _server.Time.Advance(Timeout - Moment);
        await EchoAsync(client, "4a");
        _server.Time.Advance(Timeout - Moment);
        await EchoAsync(client, "4b");
        _server.Time.Advance(Moment);

        await client.ReadCloseAsync();
    }

    [Fact]
    public async Task Revision_4_is_pinged_by_its_poll_too()
    {
        var client = await PollingClient.OpenAsync(_server, "/engine.io", 4);
        for (var beat = 0; beat < 3; beat++)
        {
            var poll = client.ReadAsync();
            await client.SendAsync("6");
            _server.Time.Advance(Interval);
            Assert.Equal(["2"], await poll.Within());
            await client.SendAsync("3");
        }

        _server.Time.Advance(Interval);
        _server.Time.Advance(Timeout);
        (await client.PollAsync()).Expect(400);
    }

    [Fact]
    public async Task Clients_of_revision_3_ping_and_any_packet_keeps_them()
    {
        using var client = await SocketClient.OpenAsync(_server, "/engine.io", 3);
        await client.SendAsync("2with data");
        Assert.Equal("3with data", await client.ReadAsync());
        for (var round = 0; round < 3; round++)
        {
            _server.Time.Advance(Interval + Timeout - Moment);
            await EchoAsync(client, "4still here");
        }

        _server.Time.Advance(Interval + Timeout - Moment);
        Assert.Equal(1, _server.Connections.Count);
        _server.Time.Advance(Moment);
        Assert.Null(await client.ReadAsync());
    }

    [Fact]
    public async Task A_polling_client_of_revision_3_that_pings_stays_and_another_does_not()
    {
        var client = await PollingClient.OpenAsync(_server, "/engine.io", 3);
        var silent = await PollingClient.OpenAsync(_server, "/engine.io", 3);
        var poll = silent.PollAsync();
        for (var beat = 0; beat < 3; beat++)
        {
            _server.Time.Advance(Timeout);
            if (beat == 1)
            {
                _server.Time.Advance(Interval - Timeout);
                (await poll.Within()).Expect(200, "1:1");
            }

            await client.SendAsync("2");
            Assert.Equal(["3"], await client.ReadAsync());
        }

        (await silent.PostAsync("1:2")).Expect(400);
    }

    [Fact]
    public async Task Heartbeats_go_on_after_an_upgrade()
    {
        var client = await PollingClient.OpenAsync(_server, "/engine.io", 4);
        using var socket = await SocketClient.OpenAsync(_server, "/engine.io", 4, $"&sid={client.Sid}");
        await socket.SendAsync("2probe");
        Assert.Equal("3probe", await socket.ReadAsync());
        await socket.SendAsync("5");
        await EchoAsync(socket, "4through");

        _server.Time.Advance(Interval);
        Assert.Equal("2", await socket.ReadAsync());
        _server.Time.Advance(Timeout);
        await socket.ReadCloseAsync();
    }

    [Fact]
    public async Task Sessions_near_each_other_are_asked_together_and_little_too_late()
    {
        var slack = Interval / 100;
        var clients = new List<PollingClient>();
        for (var opened = 0; opened < 100; opened++)
        {
            clients.Add(await PollingClient.OpenAsync(_server, "/engine.io", 4));
            _server.Time.Advance(TimeSpan.FromMilliseconds(10));
        }

        _server.Time.Advance(Interval - TimeSpan.FromSeconds(1) - Moment);
        var polls = clients.ConvertAll(client => client.ReadAsync());
        _server.Time.Advance(Moment);
        Assert.Equal(["2"], await polls[0].Within());
        for (var asked = 1; asked < clients.Count; asked += 25)
        {
            Assert.DoesNotContain(polls.Skip(asked), poll => poll.IsCompleted);
            _server.Time.Advance(slack);
            Assert.All(await Task.WhenAll(polls.Skip(asked).Take(25)).Within(), packets => Assert.Equal(["2"], packets));
        }

        Assert.Equal(clients.Count, _server.Connections.Count);
    }

    [Theory]
    [InlineData(3, "6:4hello")]
    [InlineData(4, "4hello")]
    public async Task A_request_that_comes_too_late_is_refused_even_before_its_session_is_asked_together_with_others(int revision, string hello)
    {
        var first = await PollingClient.OpenAsync(_server, "/engine.io", revision);
        _server.Time.Advance(Moment);
        var early = await PollingClient.OpenAsync(_server, "/engine.io", revision);
        var late = await PollingClient.OpenAsync(_server, "/engine.io", revision);

        _server.Time.Advance(Interval + Timeout - Moment);
        (await first.PostAsync(hello)).Expect(400);
        (await early.PostAsync(hello)).Expect(200, "ok");
        Assert.Equal(2, _server.Connections.Count);
        _server.Time.Advance(Moment);
        (await late.PostAsync(hello)).Expect(400, """{"code":1,"message":"Session ID unknown"}""");
        Assert.Equal(1, _server.Connections.Count);
        (await early.PostAsync(hello)).Expect(200, "ok");
    }

    private static async Task EchoAsync(SocketClient client, string text)
    {
        await client.SendAsync(text);
        Assert.Equal(text, await client.ReadAsync());
    }
}
