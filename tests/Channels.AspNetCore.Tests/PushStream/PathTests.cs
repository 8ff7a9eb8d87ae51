using System.Text.Json;
using Channels.AspNetCore.Tests.Support;

namespace Channels.AspNetCore.Tests.PushStream;

/// <summary>The channels in the path: escapes, duplicates, suffixes, limits and hostile names.</summary>
public sealed class PathTests : IAsyncLifetime
{
    private const string Start = "time=Thu, 01 Jan 1970 00:00:00 GMT&tag=0";

    private readonly PushStreamServer _server = new();

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("open-a//open-b", new[] { "1", "2" })]
    [InlineData("open-a/", new[] { "1" })]
    [InlineData("/open-a/open-b/", new[] { "1", "2" })]
    [InlineData("open-a%2Fopen-b", new[] { "1", "2" })]
    [InlineData("open-a%2fopen-b", new[] { "1", "2" })]
    [InlineData("open-a/open-a/open-a%2Fopen-a", new[] { "1" })]
    [InlineData("%6Fpen-a", new[] { "1" })]
    [InlineData("OPEN-A/open-b", new[] { "2" })]
    [InlineData("open-a+b", new[] { "\"plus\"" })]
    [InlineData("open-a%20b", new[] { "\"space\"" })]
    [InlineData("open-%22q%22", new[] { "\"quote\"" })]
    [InlineData("open-%C3%BC%F0%9F%9A%80", new[] { "\"wide\"" })]
    [InlineData("open-;@!%3F", new[] { "\"marks\"" })]
    [InlineData("open-x.b", new[] { "\"suffix\"" })]
    [InlineData("open-room.b18.beautiful", new[] { "\"beautiful\"" })]
    public async Task Names_are_read_as_they_are_written(string path, string[] expected)
    {
        foreach (var (channel, payload) in new (string, string)[]
        {
            ("open-a", "1"), ("open-b", "2"), ("open-a+b", "\"plus\""), ("open-a b", "\"space\""), ("open-\"q\"", "\"quote\""),
            ("open-ü🚀", "\"wide\""), ("open-;@!?", "\"marks\""), ("open-x.b", "\"suffix\""), ("open-room.b18.beautiful", "\"beautiful\""),
        })
        {
            await _server.PublishAsync(channel, payload);
        }

        var objects = PushStreamServer.Objects((await _server.AskAsync($"/shortpoll/{path}?{Start}")).Expect(200).Body);
        Assert.Equal(expected, objects.Select(message => message.GetProperty("message").GetRawText()));
        using var socket = await _server.OpenAsync($"/websocket/{path}?{Start}");
        foreach (var payload in expected)
        {
            Assert.Equal(payload, (await socket.ReadJsonAsync()).GetProperty("message").GetRawText());
        }
    }

    [Theory]
    [InlineData("open-a.b2", new[] { 2, 4 })]
    [InlineData("open-a.b02/open-b", new[] { 2, 4 })]
    [InlineData("open-a.b99", new[] { 0, 2, 4 })]
    [InlineData("open-a.b99999999999999999999", new[] { 0, 2, 4 })]
    [InlineData("open-a.b1/open-a.b3/open-a", new[] { 0, 2, 4 })]
    [InlineData("open-a.b1/open-b.b2", new[] { 1, 3, 4 })]
    public async Task A_suffix_asks_for_the_newest_messages_whatever_the_cursor(string path, int[] expected)
    {
        var ids = new List<long>();
        for (var i = 0; i < 5; i++)
        {
            ids.Add((await _server.PublishAsync(i % 2 == 0 ? "open-a" : "open-b", $"{i}")).Id);
        }

        foreach (var cursor in new[] { "", "time=Thu, 01 Jan 2099 00:00:00 GMT&tag=1" })
        {
            var answer = await _server.AskAsync($"/longpoll/{path}?{cursor}");
            Assert.Equal(expected.Select(i => ids[i]), PushStreamServer.Ids(answer.Expect(200).Body));
            using var socket = await _server.OpenAsync($"/websocket/{path}?{cursor}");
            foreach (var i in expected)
            {
                Assert.Equal((ids[i], i % 2 == 0 ? "open-a" : "open-b"), IdAndChannel(await socket.ReadJsonAsync()));
            }
        }
    }

    [Fact]
    public async Task A_suffix_of_none_is_none()
    {
        await _server.PublishAsync("open-a", "1");
        (await _server.AskAsync("/shortpoll/open-a.b0")).Expect(304);
        (await _server.AskAsync("/shortpoll/.b3")).Expect(403);
    }

    [Theory]
    [InlineData("", 400, "No channel id provided.")]
    [InlineData("/", 400, "No channel id provided.")]
    [InlineData("//%2F", 400, "No channel id provided.")]
    [InlineData("ALL", 403, "Channel id not authorized for this method.")]
    [InlineData("open-a/ALL.b3", 403, "Channel id not authorized for this method.")]
    [InlineData("open-*", 403, "Channel id not authorized for this method.")]
    [InlineData("open-%0A", 400, "Channel id is not valid.")]
    [InlineData("open-%7F", 400, "Channel id is not valid.")]
    public async Task What_is_no_channel_is_refused_with_the_words_of_the_original(string path, int status, string explain)
    {
        foreach (var transport in new[] { "longpoll", "shortpoll", "websocket", "eventsource" })
        {
            var answer = (await _server.AskAsync($"/{transport}/{path}?{Start}")).Expect(status);
            Assert.Equal(explain, answer.Header("X-Nginx-PushStream-Explain"));
            Assert.Equal((status, explain), (answer.Json.GetProperty("meta").GetProperty("status").GetInt32(), answer.Json.GetProperty("meta").GetProperty("error_message").GetString()));
            Assert.Equal(("*", "W/0"), (answer.Header("Access-Control-Allow-Origin"), answer.Header("ETag")));
        }
    }

    [Theory]
    [InlineData(200, true)]
    [InlineData(201, false)]
    public async Task Names_are_bounded_in_bytes(int bytes, bool fits)
    {
        var name = $"open-{new string('ü', (bytes - 5) / 2)}{(bytes % 2 == 0 ? "x" : "")}";
        var answer = await _server.AskAsync($"/shortpoll/{Uri.EscapeDataString(name)}.b1000");
        Assert.Equal(fits ? null : "Channel id is too large.", answer.Expect(fits ? 304 : 400).Header("X-Nginx-PushStream-Explain"));
    }

    [Theory]
    [InlineData("longpoll")]
    [InlineData("shortpoll")]
    [InlineData("websocket")]
    [InlineData("eventsource")]
    public async Task Channel_51_is_one_too_many(string transport)
    {
        string Names(int count) => string.Join('/', Enumerable.Range(0, count).Select(i => $"open-{i}"));
        var refused = (await _server.AskAsync($"/{transport}/{Names(51)}")).Expect(400);
        Assert.Equal("Too many channels.", refused.Header("X-Nginx-PushStream-Explain"));
        await _server.PublishAsync("open-49", "1");
        (await _server.AskAsync($"/shortpoll/{Names(50)}/open-0/open-49?{Start}")).Expect(200);
    }

    [Fact]
    public async Task A_room_is_spelled_with_a_dot_where_nothing_has_the_whole_name()
    {
        var message = await _server.PublishAsync("rooms", "1", room: "red.hot");
        var answer = (await _server.AskAsync($"/shortpoll/rooms.red.hot?{Start}")).Expect(200);
        Assert.Equal((message.Id, "rooms.red.hot"), IdAndChannel(answer.Json));
        (await _server.AskAsync("/shortpoll/rooms")).Expect(403);
        await _server.CreateAsync("rooms.red", ChannelPermission.Subscribe);
        await _server.PublishAsync("rooms", "2", room: "red");
        (await _server.AskAsync($"/shortpoll/rooms.red?{Start}")).Expect(304);
    }

    private static (long Id, string? Channel) IdAndChannel(JsonElement message) =>
        (message.GetProperty("id").GetInt64(), message.GetProperty("channel").GetString());
}
