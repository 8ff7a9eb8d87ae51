using System.Text.Json;
using Channels.AspNetCore.Tests.Support;

namespace Channels.AspNetCore.Tests.SocketIo;

/// <summary>The commands and what they lead to.</summary>
public sealed class SpeakapTests(SocketIoServer server) : IClassFixture<SocketIoServer>
{
    private const string Path = "/speakap";
    private const string Network = "network_timeline:15321edfd8000c68";

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public async Task A_notification_comes_as_it_was_published_under_its_channels_name(int revision)
    {
        using var client = await JoinAsync(revision);
        Assert.Equal($$"""{"ok":true,"channels":["{{Network}}"],"errors":[]}""", await CallAsync(client, "subscribe", Network, SocketIoServer.AliceToken));

        await server.PublishAsync(Network, """{ "event":"create", "message":"2caf8309fb0004cc", "n":1.0 }""");
        Assert.Equal($$"""42["{{Network}}",{ "event":"create", "message":"2caf8309fb0004cc", "n":1.0 }]""", await client.ReadAsync());
        await server.PublishAsync(Network, "\"é🚀\"");
        Assert.Equal(revision == 4 ? $$"""42["{{Network}}","é🚀"]""" : $$"""42["{{Network}}","\u00e9\ud83d\ude80"]""", await client.ReadAsync());

        await client.SendAsync("""421["unsubscribe",{"channel":"NAME"}]""".Replace("NAME", Network, StringComparison.Ordinal));
        Assert.Equal($$"""431[{"ok":true,"channels":["{{Network}}"],"errors":[]}]""", await client.ReadAsync());
        await server.PublishAsync(Network, "2");
        await CallAsync(client, "subscribe", "open-fence", SocketIoServer.BobToken);
        await server.PublishAsync("open-fence", "3");
        Assert.Equal("""42["open-fence",3]""", await client.ReadAsync());
    }

    [Fact]
    public async Task Each_channel_of_a_list_is_judged_alone()
    {
        using var client = await JoinAsync(4);
        var list = $"  open-a {Network}  alerts:1 open-a nothing user_timeline:1:2 network_timeline:1:2 network_timeline:é connect config alerts message:1:2:3 ";

        var answer = JsonDocument.Parse(await CallAsync(client, "subscribe", list, SocketIoServer.BobToken)).RootElement;

        Assert.False(answer.GetProperty("ok").GetBoolean());
        Assert.Equal("""["open-a","config"]""", answer.GetProperty("channels").GetRawText());
        Assert.Equal(
            [
                $"{Network} forbidden", "alerts:1 forbidden", "nothing unknown_channel", "user_timeline:1:2 forbidden", "network_timeline:1:2 unknown_channel",
                "network_timeline:é unknown_channel", "connect bad_request", "alerts unknown_channel", "message:1:2:3 unknown_channel",
            ],
            answer.GetProperty("errors").EnumerateArray().Select(e => $"{e.GetProperty("channel").GetString()} {e.GetProperty("code").GetString()}"));
        Assert.All(answer.GetProperty("errors").EnumerateArray(), e => Assert.NotEmpty(e.GetProperty("message").GetString()!));
    }

    [Theory]
    [InlineData("""["subscribe"]""", "bad_request")]
    [InlineData("""["subscribe",null]""", "bad_request")]
    [InlineData("""["subscribe","open-a"]""", "bad_request")]
    [InlineData("""["subscribe",[]]""", "bad_request")]
    [InlineData("""["subscribe",{}]""", "bad_request")]
    [InlineData("""["subscribe",{"channel":""}]""", "bad_request")]
    [InlineData("""["subscribe",{"channel":"   "}]""", "bad_request")]
    [InlineData("""["subscribe",{"channel":7}]""", "bad_request")]
    [InlineData("""["subscribe",{"channel":["open-a"]}]""", "bad_request")]
    [InlineData("""["subscribe",{"channel":"\ud800","accessToken":"bob-token-2"}]""", "bad_request")]
    [InlineData("""["subscribe",{"channel":"open-a","accessToken":7}]""", "bad_request")]
    [InlineData("""["subscribe",{"channel":"open-a","accessToken":{}}]""", "bad_request")]
    [InlineData("""["unsubscribe"]""", "bad_request")]
    [InlineData("""["unsubscribe",{"channel":null}]""", "bad_request")]
    [InlineData("""["subscribe",{"channel":"open-a"}]""", "missing_token")]
    [InlineData("""["subscribe",{"channel":"open-a","accessToken":""}]""", "missing_token")]
    [InlineData("""["subscribe",{"channel":"open-a","accessToken":null}]""", "missing_token")]
    [InlineData("""["subscribe",{"channel":"open-a","accessToken":"no-such-token"}]""", "invalid_token")]
    [InlineData("""["subscribe",{"channel":"open-a\u0000","accessToken":"bob-token-2"}]""", "bad_request")]
    public async Task A_refusal_has_its_code_and_closes_nothing(string packet, string code)
    {
        using var client = await JoinAsync(4);

        await client.SendAsync($"427{packet}");
        var answer = await client.ReadAsync();
        Assert.StartsWith("437[{\"ok\":false,\"channels\":[],\"errors\":[{\"channel\":", answer, StringComparison.Ordinal);
        Assert.Contains($"\"code\":\"{code}\"", answer, StringComparison.Ordinal);
        await client.SendAsync($"42{packet}");
        var error = await client.ReadAsync();
        Assert.StartsWith("42[\"subscribe_error\",{\"channel\":", error, StringComparison.Ordinal);
        Assert.Contains($"\"code\":\"{code}\"", error, StringComparison.Ordinal);
        await client.SendAsync("""421["unsubscribe",{"channel":"never"}]""");
        Assert.Equal("""431[{"ok":true,"channels":["never"],"errors":[]}]""", await client.ReadAsync());
    }

    [Fact]
    public async Task Without_an_answer_nothing_is_said_about_success()
    {
        using var client = await JoinAsync(4);
        await client.SendAsync("""42["subscribe",{"channel":"open-quiet nothing","accessToken":"bob-token-2"}]""");

        Assert.StartsWith("""42["subscribe_error",{"channel":"nothing","code":"unknown_channel",""", await client.ReadAsync(), StringComparison.Ordinal);
        await server.PublishAsync("open-quiet", "1");
        Assert.Equal("""42["open-quiet",1]""", await client.ReadAsync());
    }

    [Fact]
    public async Task Subscribing_twice_delivers_once_and_a_bad_token_takes_nothing_away()
    {
        using var client = await JoinAsync(4);
        await CallAsync(client, "subscribe", "open-twice", SocketIoServer.BobToken);
        await CallAsync(client, "subscribe", "open-twice", SocketIoServer.AliceToken);
        Assert.Contains("invalid_token", await CallAsync(client, "subscribe", "open-twice", "no-such-token"), StringComparison.Ordinal);
        await server.PublishAsync("open-twice", "1");
        await server.PublishAsync("open-twice", "2");

        Assert.Equal("""42["open-twice",1]""", await client.ReadAsync());
        Assert.Equal("""42["open-twice",2]""", await client.ReadAsync());
    }

    [Fact]
    public async Task Nothing_is_replayed_and_leaving_drops_everything()
    {
        await server.PublishAsync("open-old", "0");
        using var client = await JoinAsync(4);
        await CallAsync(client, "subscribe", "open-old", SocketIoServer.BobToken);
        await server.PublishAsync("open-old", "1");
        Assert.Equal("""42["open-old",1]""", await client.ReadAsync());

        await client.SendAsync("41");
        await client.SendAsync("40");
        Assert.StartsWith("40{", await client.ReadAsync(), StringComparison.Ordinal);
        await server.PublishAsync("open-old", "2");
        await CallAsync(client, "subscribe", "open-old", SocketIoServer.BobToken);
        await server.PublishAsync("open-old", "3");
        Assert.Equal("""42["open-old",3]""", await client.ReadAsync());
    }

    [Fact]
    public async Task What_other_front_ends_publish_arrives_and_stored_channels_rule()
    {
        await server.CreateAsync("socketio-stored", ChannelPermission.Subscribe);
        await server.CreateAsync("socketio-rooms", ChannelPermission.Subscribe, ChannelType.SeparateRooms);
        await server.CreateAsync("socketio-secret");
        using var client = await JoinAsync(4);
        var answer = await CallAsync(client, "subscribe", "socketio-stored socketio-rooms.lobby socketio-rooms socketio-secret", SocketIoServer.BobToken);
        Assert.Contains("""["socketio-stored","socketio-rooms.lobby"]""", answer, StringComparison.Ordinal);
        Assert.Contains("""{"channel":"socketio-rooms","code":"unknown_channel",""", answer, StringComparison.Ordinal);
        Assert.Contains("""{"channel":"socketio-secret","code":"forbidden",""", answer, StringComparison.Ordinal);

        (await server.PostAsync("channels/socketio-stored/publish/", """{"payload":{"by":"rest"}}""")).Expect(201);
        (await server.PostAsync("messages/", """{"channel":"socketio-rooms","room":"lobby","payload":[1]}""")).Expect(201);
        (await server.PostAsync("messages/", """{"channel":"config","payload":{"type":"servers_busy"}}""")).Expect(201);

        Assert.Equal("""42["socketio-stored",{"by":"rest"}]""", await client.ReadAsync());
        Assert.Equal("""42["socketio-rooms.lobby",[1]]""", await client.ReadAsync());
        await server.Channels.Catalog.DeleteAsync("socketio-stored");
        Assert.StartsWith(
            """42["subscribe_error",{"channel":"socketio-stored","code":"unknown_channel",""", await client.ReadAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_becomes_another_address_is_received_once_and_unsubscribed_as_a_whole()
    {
        await server.CreateAsync("socketio-moving", ChannelPermission.Subscribe, ChannelType.SeparateRooms);
        using var client = await JoinAsync(4);
        await CallAsync(client, "subscribe", "socketio-moving.room", SocketIoServer.BobToken);
        await server.CreateAsync("socketio-moving.room", ChannelPermission.Subscribe);
        await CallAsync(client, "subscribe", "socketio-moving.room", SocketIoServer.BobToken);

        (await server.PostAsync("messages/", """{"channel":"socketio-moving","room":"room","payload":1}""")).Expect(201);
        (await server.PostAsync("messages/", """{"channel":"socketio-moving.room","payload":2}""")).Expect(201);
        Assert.Equal("""42["socketio-moving.room",2]""", await client.ReadAsync());
    }

    [Fact]
    public async Task Other_front_ends_receive_the_families_by_the_same_rules()
    {
        await server.Channels.PublishServersBusyAsync();

        var history = (await server.GetAsync("channels/config/history/", Keys.Api, Keys.Bob)).Expect(200);
        Assert.Contains("servers_busy", history.Body, StringComparison.Ordinal);
        (await server.GetAsync("channels/alerts:1/history/", Keys.Api, Keys.Bob)).Expect(403);
        (await server.GetAsync("channels/alerts:1/history/", Keys.Api, Keys.Alice)).Expect(200);
        (await server.PostAsync("channels/alerts:1/publish/", """{"payload":{}}""", Keys.Api, Keys.Alice)).Expect(403);
    }

    [Fact]
    public async Task A_large_notification_comes_whole_by_request_and_by_socket()
    {
        var text = $"\"{string.Concat(Enumerable.Repeat("é€🚀-", 4600))}\"";
        using var socket = await JoinAsync(3);
        await CallAsync(socket, "subscribe", "open-large", SocketIoServer.BobToken);
        var client = await PollingClient.OpenAsync(server, Path, 4);
        await client.SendAsync("40", """421["subscribe",{"channel":"open-large","accessToken":"bob-token-2"}]""");
        Assert.Contains(await client.ReadAsync(2), packet => packet.StartsWith("431[{\"ok\":true", StringComparison.Ordinal));
        await server.PublishAsync("open-large", text);

        Assert.Equal([$"42[\"open-large\",{text}]"], await client.ReadAsync());
        Assert.Equal(JsonSerializer.Deserialize<string>(text), JsonSerializer.Deserialize<JsonElement>((await socket.ReadAsync())![2..])[1].GetString());
    }

    private async Task<SocketClient> JoinAsync(int revision)
    {
        if (revision == 4)
        {
            return await SocketClient.JoinAsync(server, Path);
        }

        var client = await SocketClient.OpenAsync(server, Path, 3);
        Assert.Equal("40", await client.ReadAsync());
        return client;
    }

    /// <returns>The answer's one argument.</returns>
    internal static async Task<string> CallAsync(SocketClient client, string command, string channel, string? token)
    {
        await client.SendAsync($"4299[\"{command}\",{JsonSerializer.Serialize(new { channel, accessToken = token })}]");
        var answer = await client.ReadAsync();
        Assert.StartsWith("4399[", answer, StringComparison.Ordinal);
        return answer![5..^1];
    }
}
