using System.Globalization;
using System.Net.WebSockets;
using System.Text.Json;
using Channels.AspNetCore.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Channels.AspNetCore.Tests.Native;

public sealed class StreamTests(StreamTests.Server server) : IClassFixture<StreamTests.Server>
{
    private const string Key = $"api_key={Keys.Api}&user_key={Keys.Bob}";

    [Fact]
    public async Task Several_addresses_come_on_one_socket_in_order()
    {
        await server.CreateAsync("many-a", ChannelPermission.Subscribe);
        await server.CreateAsync("many-b", ChannelPermission.Subscribe, ChannelType.SeparateRooms);
        var first = await server.PublishAsync("many-b", """{"n":1}""", "Room");
        await server.PublishAsync("many-b", """{"n":0}""", "other");
        var second = await server.PublishAsync("many-a", """{"n":2}""");
        using var socket = await server.ConnectAsync($"stream/?channel=many-a&channel=many-b:Room&channel=many-a&last_id=0&{Key}");

        var ready = await socket.ReadJsonAsync();
        Assert.Equal("ready", ready.GetProperty("event").GetString());
        Assert.Equal(0, ready.GetProperty("data").GetProperty("last_id").GetInt64());
        Assert.Matches(@"^\d+\.\d+$", ready.GetProperty("data").GetProperty("connection").GetString());
        Assert.Equal(
            $$$"""{"id":{{{first.Id}}},"channel":"many-b","room":"Room","time":{{{first.CreatedAt.ToUnixTimeMilliseconds()}}},"payload":{"n":1}}""",
            await socket.ReadTextAsync());
        Assert.Equal(second.Id, (await socket.ReadJsonAsync()).GetProperty("id").GetInt64());

        var third = await server.PublishAsync("many-b", """{"n":3}""", "Room");
        Assert.Equal(third.Id, (await socket.ReadJsonAsync()).GetProperty("id").GetInt64());
        await socket.CloseAsync();
    }

    [Fact]
    public async Task A_stream_without_a_position_starts_now_and_says_where()
    {
        await server.CreateAsync("now", ChannelPermission.Subscribe);
        var head = await server.PublishAsync("now", "{}");
        using var events = await server.ListenAsync($"stream/?channel=now&{Key}");
        Assert.Equal("1500", (await events.ReadBlockAsync())!.Retry);
        var ready = await events.ReadEventAsync();
        Assert.Equal(("ready", Text(head.Id)), (ready.Name, ready.Id));
        Assert.Matches($$"""^\{"last_id":{{head.Id}},"connection":"\d+\.\d+"\}$""", ready.Data);
        var message = await server.PublishAsync("now", "{}");
        var block = await events.ReadEventAsync();
        Assert.Equal(("message", Text(message.Id)), (block.Name, block.Id));
        Assert.Equal($$$"""{"id":{{{message.Id}}},"channel":"now","time":{{{message.CreatedAt.ToUnixTimeMilliseconds()}}},"payload":{}}""", block.Data);
    }

    [Fact]
    public async Task A_message_says_what_does_not_go_without_saying()
    {
        await server.CreateAsync("said", ChannelPermission.Subscribe);
        using var socket = await server.ConnectAsync($"stream/?channel=said&{Key}");
        await socket.ReadJsonAsync();
        await server.PostAsync("messages/", """{"channel":"said","event":"tick","payload":1}""");
        var frame = await socket.ReadTextAsync();
        Assert.EndsWith(""","author":{"admin":1},"metadata":{"type":"message","event":"tick"},"payload":1}""", frame, StringComparison.Ordinal);
        await server.Channels.PublishAsync("said", new MessageDraft("2"u8.ToArray()) { Action = MessageAction.Update, ObjectClass = "book" });
        frame = await socket.ReadTextAsync();
        Assert.EndsWith(""","action":"update","metadata":{"type":"object","class":"book"},"payload":2}""", frame, StringComparison.Ordinal);
        await socket.CloseAsync();
    }

    [Fact]
    public async Task A_stream_resumes_without_loss_or_repetition()
    {
        await server.CreateAsync("resume-a", ChannelPermission.Subscribe);
        await server.CreateAsync("resume-b", ChannelPermission.Subscribe);
        var ids = new List<long>();
        for (var i = 0; i < 20; i++)
        {
            ids.Add((await server.PublishAsync(i % 3 == 0 ? "resume-a" : "resume-b", "{}")).Id);
        }

        var seen = new List<long>();
        var position = "0";
        for (var round = 0; round < 4; round++)
        {
            using var events = await server.ListenAsync($"stream/?channel=resume-a&channel=resume-b&last_id=0&{Key}", ("Last-Event-ID", position));
            Assert.Equal("ready", (await events.ReadEventAsync()).Name);
            for (var i = 0; i < 5; i++)
            {
                position = (await events.ReadEventAsync()).Id!;
                seen.Add(long.Parse(position, CultureInfo.InvariantCulture));
            }
        }

        Assert.Equal(ids, seen);
    }

    [Fact]
    public async Task Gaps_and_ends_name_their_address()
    {
        await server.CreateAsync("gap-a", ChannelPermission.Subscribe);
        await server.CreateAsync("gap-b", ChannelPermission.Subscribe, ChannelType.SeparateRooms);
        await server.PublishAsync("gap-b", "{}", "r");
        server.Time.Advance(TimeSpan.FromHours(25));
        await server.SweepAsync();
        await server.PublishAsync("gap-a", "{}");
        using var socket = await server.ConnectAsync($"stream/?channel=gap-a&channel=gap-b:r&last_id=1&{Key}");
        await socket.ReadJsonAsync();
        var gap = await socket.ReadJsonAsync();
        while (gap.GetProperty("event").GetString() == "gap" && Data(gap).GetProperty("channel").GetString() != "gap-b")
        {
            gap = await socket.ReadJsonAsync();
        }

        Assert.Equal("gap", gap.GetProperty("event").GetString());
        Assert.Equal("r", Data(gap).GetProperty("room").GetString());
        Assert.Equal(1, Data(gap).GetProperty("requested").GetInt64());

        await server.SendAsync("DELETE", "channels/gap-b/");
        var ended = await ReadUntilAsync(socket, "ended");
        Assert.Equal("""{"channel":"gap-b","room":"r","reason":"deleted"}""", Data(ended).GetRawText());

        // The other subscription goes on until it ends too.
        var message = await server.PublishAsync("gap-a", "{}");
        Assert.Equal(message.Id, (await ReadUntilAsync(socket, null)).GetProperty("id").GetInt64());
        await server.SendAsync("PATCH", "channels/gap-a/", json: """{"other_permissions":"none"}""");
        ended = await ReadUntilAsync(socket, "ended");
        Assert.Equal("""{"channel":"gap-a","room":null,"reason":"forbidden"}""", Data(ended).GetRawText());
        Assert.Null(await socket.ReadTextAsync());
        Assert.Equal(WebSocketCloseStatus.NormalClosure, socket.CloseStatus);
        await socket.CloseAsync();
    }

    [Theory]
    [InlineData("", 400, """{"channel":["This field is required."]}""")]
    [InlineData("channel=", 400, """{"channel":["This field is required."]}""")]
    [InlineData("channel=good&last_id=x", 400, """{"last_id":["A valid integer is required."]}""")]
    [InlineData("channel=a&channel=b&channel=c&channel=d&channel=e", 400, """{"channel":["Ensure this field has no more than 4 elements."]}""")]
    [InlineData("channel=good&channel=nothing", 404, """{"detail":"Not found.","channel":"nothing"}""")]
    [InlineData("channel=good&channel=closed", 403, """{"detail":"You do not have permission to perform this action.","channel":"closed"}""")]
    [InlineData("channel=rooms", 400, """{"room":"This field is required for channels with separate rooms.","channel":"rooms"}""")]
    [InlineData("channel=rooms:", 404, """{"detail":"Not found.","channel":"rooms:"}""")]
    [InlineData("channel=:r", 404, """{"detail":"Not found.","channel":":r"}""")]
    [InlineData("channel=GOOD", 404, """{"detail":"Not found.","channel":"GOOD"}""")]
    [InlineData("channel=a%00b", 404, """{"detail":"Not found.","channel":"a\u0000b"}""")]
    public async Task A_wrong_request_is_refused_before_the_stream_starts(string query, int status, string error)
    {
        await server.Channels.Catalog.CreateAsync(new() { Name = "good", OtherPermission = ChannelPermission.Subscribe });
        await server.Channels.Catalog.CreateAsync(new() { Name = "closed" });
        await server.Channels.Catalog.CreateAsync(new() { Name = "rooms", Type = ChannelType.SeparateRooms, OtherPermission = ChannelPermission.Subscribe });
        var answer = await server.SendAsync("GET", $"stream/?{query}", Keys.Api, Keys.Bob, headers: ("Accept", "text/event-stream"));
        answer.Expect(status, error);
        Assert.Equal("application/json", answer.Header("Content-Type"));
    }

    [Fact]
    public async Task A_plain_request_is_told_what_is_expected() =>
        (await server.GetAsync("stream/?channel=x")).Expect(406);

    [Fact]
    public async Task A_name_with_a_colon_is_a_channel_unless_its_first_part_has_rooms()
    {
        await server.CreateAsync("inbox", ChannelPermission.Subscribe);
        await server.CreateAsync("board", ChannelPermission.Subscribe, ChannelType.SeparateRooms);
        await server.PublishAsync("inbox:Bob", """{"to":"Bob"}""");
        await server.PublishAsync("board", """{"in":"a:b"}""", "a:b");
        using var socket = await server.ConnectAsync($"stream/?channel=inbox:Bob&channel=board:a:b&last_id=0&{Key}");
        await socket.ReadJsonAsync();
        Assert.Equal("inbox:Bob", (await socket.ReadJsonAsync()).GetProperty("channel").GetString());
        Assert.Equal("a:b", (await socket.ReadJsonAsync()).GetProperty("room").GetString());
        await socket.CloseAsync();
    }

    [Fact]
    public async Task A_stream_has_no_time_limit_and_is_kept_alive()
    {
        await server.CreateAsync("endless", ChannelPermission.Subscribe);
        using var events = await server.ListenAsync($"stream/?channel=endless&{Key}");
        Assert.Equal("ready", (await events.ReadEventAsync()).Name);
        server.Time.Advance(TimeSpan.FromHours(2));
        var message = await server.PublishAsync("endless", "{}");
        Assert.Equal(Text(message.Id), (await events.ReadEventAsync()).Id);
    }

    private static JsonElement Data(JsonElement frame) => frame.GetProperty("data");

    /// <summary>Reads on to an event; a message has no name.</summary>
    private static async Task<JsonElement> ReadUntilAsync(ClientWebSocket socket, string? name)
    {
        while (true)
        {
            var frame = await socket.ReadJsonAsync();
            if ((frame.TryGetProperty("event", out var found) ? found.GetString() : null) == name)
            {
                return frame;
            }
        }
    }

    private static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);

    public sealed class Server : TestServer
    {
        protected override void AddServices(WebApplicationBuilder builder, IChannelsBuilder channels) =>
            channels.AddChannel("inbox:{user}", channel => channel.Others(ChannelPermission.Subscribe));

        protected override void Map(WebApplication app) => app.MapChannelEndpoints(options =>
        {
            options.ReconnectDelay = TimeSpan.FromMilliseconds(1500);
            options.MaxStreamAddresses = 4;
        });
    }
}
