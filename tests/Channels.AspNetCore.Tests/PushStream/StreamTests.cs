using System.Net.WebSockets;
using System.Text.Json;
using Channels.AspNetCore.Tests.Support;

namespace Channels.AspNetCore.Tests.PushStream;

/// <summary>WebSockets and event streams.</summary>
public sealed class StreamTests : IAsyncLifetime
{
    private const string Now = "Thu, 01 Jan 2026 00:00:00 GMT";

    private readonly PushStreamServer _server = new();

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_socket_carries_one_object_a_message_old_ones_first()
    {
        var old = await _server.PublishAsync("open-a", """{"n":1}""");
        using var socket = await _server.OpenAsync($"/websocket/open-a/open-b?tag=0&time={Now}");
        var live = await _server.PublishAsync("open-b", "\"grüße\"");
        Assert.Equal($$$"""{"id":{{{old.Id}}},"channel":"open-a","message":{"n":1},"tag":"{{{old.Id}}}","time":"{{{Now}}}"}""", await socket.ReadTextAsync());
        Assert.Equal($$"""{"id":{{live.Id}},"channel":"open-b","message":"grüße","tag":"{{live.Id}}","time":"{{Now}}"}""", await socket.ReadTextAsync());
        await socket.CloseAsync();
        Assert.Equal(WebSocketCloseStatus.NormalClosure, socket.CloseStatus);
    }

    [Fact]
    public async Task An_event_stream_begins_with_its_position_and_has_one_event_a_message()
    {
        var before = await _server.PublishAsync("open-a", "0");
        using var stream = await _server.FollowAsync("/eventsource/open-a");
        Assert.Equal("text/event-stream; charset=utf-8", stream.Response.Content.Headers.ContentType!.ToString());
        var opening = await stream.ReadBlockAsync();
        Assert.Equal(("3000", $"1767225600:{before.Id}", ""), (opening!.Retry, opening.Id, opening.Data));
        var message = await _server.PublishAsync("open-a", "{\n\"n\":1}");
        Assert.Equal(
            new EventBlock("message", $"1767225600:{message.Id}", $$$"""{"id":{{{message.Id}}},"channel":"open-a","message":{ "n":1},"tag":"{{{message.Id}}}","time":"{{{Now}}}"}""", null, false),
            await stream.ReadBlockAsync());
    }

    [Fact]
    public async Task An_event_stream_that_is_cut_before_its_first_message_misses_nothing()
    {
        string position;
        using (var first = await _server.FollowAsync("/eventsource/open-a/open-b"))
        {
            position = (await first.ReadBlockAsync())!.Id!;
        }

        var missed = await _server.PublishAsync("open-b", "1");
        using var second = await _server.FollowAsync("/eventsource/open-a/open-b", ("Last-Event-ID", position));
        Assert.EndsWith($":{missed.Id}", (await second.ReadEventAsync()).Id, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_socket_that_is_cut_in_the_middle_of_a_replay_loses_nothing()
    {
        var ids = new List<long>();
        for (var i = 0; i < 400; i++)
        {
            ids.Add((await _server.PublishAsync($"open-{i % 7}", $"{i}")).Id);
            _server.Time.Advance(TimeSpan.FromMilliseconds(i % 5 == 0 ? 300 : 0));
        }

        var path = $"/websocket/{string.Join('/', Enumerable.Range(0, 7).Select(i => $"open-{6 - i}"))}";
        var read = new List<long>();
        var (tag, time) = ("0", Now);
        var random = new Random(7);
        while (read.Count < ids.Count)
        {
            using var socket = await _server.OpenAsync($"{path}?tag={tag}&time={Uri.EscapeDataString(time)}");
            for (var left = random.Next(1, 60); left > 0 && read.Count < ids.Count; left--)
            {
                var message = await socket.ReadJsonAsync();
                read.Add(message.GetProperty("id").GetInt64());
                (tag, time) = (message.GetProperty("tag").GetString()!, message.GetProperty("time").GetString()!);
            }

            socket.Abort();
        }

        Assert.Equal(ids, read);
    }

    [Fact]
    public async Task A_deleted_channel_is_told_with_the_position_of_the_client_and_the_last_one_closes()
    {
        await _server.CreateAsync("first", ChannelPermission.Subscribe);
        await _server.CreateAsync("second", ChannelPermission.Subscribe);
        using var socket = await _server.OpenAsync("/websocket/first/second");
        using var stream = await _server.FollowAsync("/eventsource/first/second");
        await stream.ReadBlockAsync();
        var message = await _server.PublishAsync("second", "1");
        await socket.ReadTextAsync();
        await stream.ReadEventAsync();
        _server.Time.Advance(TimeSpan.FromSeconds(5));
        await _server.PublishAsync("open-elsewhere", "1");
        foreach (var channel in new[] { "first", "second" })
        {
            await _server.Channels.Catalog.DeleteAsync(channel).Within();
            var notice = $$"""{"id":-2,"channel":"{{channel}}","message":"Channel deleted","tag":"{{message.Id}}","time":"{{Now}}"}""";
            Assert.Equal(notice, await socket.ReadTextAsync());
            Assert.Equal(notice, (await stream.ReadEventAsync()).Data);
        }

        Assert.Null(await socket.ReadTextAsync());
        Assert.Equal(WebSocketCloseStatus.NormalClosure, socket.CloseStatus);
        Assert.Null(await stream.ReadBlockAsync());
    }

    [Fact]
    public async Task Text_of_clients_is_dropped_and_binary_closes()
    {
        using var socket = await _server.OpenAsync("/websocket/open-a");
        await socket.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, true, CancellationToken.None).Within();
        var message = await _server.PublishAsync("open-a", "1");
        Assert.Equal(message.Id, (await socket.ReadJsonAsync()).GetProperty("id").GetInt64());
        await socket.SendAsync(new byte[1], WebSocketMessageType.Binary, true, CancellationToken.None).Within();
        Assert.Null(await socket.ReadTextAsync());
        Assert.Equal(WebSocketCloseStatus.InvalidMessageType, socket.CloseStatus);
        Assert.Equal(1, await CountAsync());
    }

    [Fact]
    public async Task A_message_of_a_client_is_bounded()
    {
        using var socket = await _server.OpenAsync("/websocket/open-a");
        await socket.SendAsync(new byte[64 * 1024], WebSocketMessageType.Text, true, CancellationToken.None).Within();
        await socket.SendAsync(new byte[(64 * 1024) + 1], WebSocketMessageType.Text, true, CancellationToken.None).Within();
        Assert.Null(await socket.ReadTextAsync());
        Assert.Equal(WebSocketCloseStatus.MessageTooBig, socket.CloseStatus);
    }

    [Fact]
    public async Task A_stopping_host_closes_sockets_and_sends_event_streams_back()
    {
        using var socket = await _server.OpenAsync("/websocket/open-a");
        using var stream = await _server.FollowAsync("/eventsource/open-a");
        await stream.ReadBlockAsync();
        var draining = _server.DrainAsync();
        Assert.Null(await socket.ReadTextAsync());
        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, socket.CloseStatus);
        Assert.Equal("3000", (await stream.ReadBlockAsync())!.Retry);
        Assert.Null(await stream.ReadBlockAsync());
        await draining.Within();
        using var late = await _server.FollowAsync("/eventsource/open-a");
        Assert.Equal((200, "3000"), (late.Status, (await late.ReadBlockAsync())!.Retry));
    }

    [Fact]
    public async Task A_client_that_lags_too_much_is_closed_and_resumes()
    {
        await using var server = await PushStreamServer.StartAsync(options => options.MaxLagMessages = 5);
        using var socket = await server.OpenAsync("/websocket/open-a");
        var large = $"\"{new string('x', 60_000)}\"";
        var ids = new List<long>();
        while (server.Connections.Count > 0 && ids.Count < 2000)
        {
            ids.Add((await server.PublishAsync("open-a", large)).Id);
        }

        // It may have caught up just as it was given up; this one it has certainly missed.
        ids.Add((await server.PublishAsync("open-a", large)).Id);
        var read = new List<JsonElement>();
        while (await socket.ReadTextAsync() is { } text)
        {
            read.Add(JsonDocument.Parse(text).RootElement);
        }

        Assert.Equal((WebSocketCloseStatus)1013, socket.CloseStatus);
        Assert.Equal(ids.Take(read.Count), read.Select(message => message.GetProperty("id").GetInt64()));
        var (tag, time) = read.Count == 0 ? ("0", Now) : (read[^1].GetProperty("tag").GetString(), read[^1].GetProperty("time").GetString());
        var next = await server.AskAsync($"/shortpoll/open-a?tag={tag}&time={time}");
        Assert.Equal(ids[read.Count], PushStreamServer.Ids(next.Expect(200).Body)[0]);
    }

    [Fact]
    public async Task A_connection_ends_with_its_time()
    {
        await using var server = await PushStreamServer.StartAsync(options => options.MaxConnectionDuration = TimeSpan.FromMinutes(5));
        using var socket = await server.OpenAsync("/websocket/open-a");
        server.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Null(await socket.ReadTextAsync());
        Assert.Equal(WebSocketCloseStatus.NormalClosure, socket.CloseStatus);
    }

    [Theory]
    [InlineData("8", 101)]
    [InlineData("13", 101)]
    [InlineData("7", 400)]
    [InlineData("14", 400)]
    [InlineData("x", 400)]
    [InlineData(null, 400)]
    public async Task Versions_8_and_13_are_served(string? version, int status)
    {
        List<(string, string)> headers = [("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")];
        if (version is not null)
        {
            headers.Add(("Sec-WebSocket-Version", version));
        }

        using var request = _server.Request("GET", $"/websocket/open-a?auth_token={PushStreamServer.Alice}", null, null, [.. headers]);
        using var response = await _server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).Within();
        Assert.Equal(status, (int)response.StatusCode);
        if (status == 400)
        {
            var explain = response.Headers.GetValues("X-Nginx-PushStream-Explain").Single();
            Assert.Equal(version is null, explain.StartsWith("Don't have at least one", StringComparison.Ordinal));
            Assert.Equal(version is null ? null : "8, 13", response.Headers.TryGetValues("Sec-WebSocket-Version", out var versions) ? string.Join(", ", versions) : null);
        }
    }

    [Fact]
    public async Task An_address_of_sockets_serves_nothing_else()
    {
        var answer = (await _server.AskAsync("/websocket/open-a")).Expect(400);
        Assert.Equal(
            "Don't have at least one of the mandatory headers: Connection, Upgrade, Sec-WebSocket-Key and Sec-WebSocket-Version",
            answer.Header("X-Nginx-PushStream-Explain"));
    }

    [Fact]
    public async Task An_idle_event_stream_gets_comments()
    {
        using var stream = await _server.FollowAsync("/eventsource/open-a");
        await stream.ReadBlockAsync();
        var comment = stream.ReadBlockAsync();
        await _server.AdvanceUntilAsync(() => comment.IsCompleted);
        Assert.True((await comment)!.IsComment);
    }

    private async Task<int> CountAsync() => (await _server.Channels.ReadHistoryAsync("open-a").Within()).Messages.Count;
}
