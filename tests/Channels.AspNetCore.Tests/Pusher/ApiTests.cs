using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Channels.AspNetCore.Tests.Support;

namespace Channels.AspNetCore.Tests.Pusher;

public sealed class ApiTests(PusherTestServer server) : IClassFixture<PusherTestServer>
{
    [Fact]
    public async Task One_event_goes_to_several_channels_once_each()
    {
        using var client = await server.ConnectAsync();
        await client.SubscribeAsync("api-a");
        await client.SubscribeAsync("private-api-b");
        var answer = await PostAsync("""{"name":"e","channels":["api-a","private-api-b","api-a","empty"],"data":"{}"}""");
        answer.Expect(200, "{}");
        Assert.Equal("application/json", answer.Header("Content-Type"));
        Assert.Equal("api-a", (await client.ReadAsync("e")).Channel());
        Assert.Equal("private-api-b", (await client.ReadAsync("e")).Channel());
        Assert.Empty(await client.SettleAsync());
    }

    [Fact]
    public async Task One_connection_can_be_left_out()
    {
        using var sender = await server.ConnectAsync();
        using var other = await server.ConnectAsync();
        await sender.SubscribeAsync("api-out");
        await other.SubscribeAsync("api-out");
        await server.TriggerAsync("api-out", "e", "1", sender.SocketId);
        (await PostAsync("""{"name":"n","channel":"api-out","data":"2","socket_id":"1.1"}""")).Expect(200);
        (await PostAsync("""{"name":"o","channel":"api-out","data":"3","socket_id":null}""")).Expect(200);
        await other.ReadAsync("e");
        await sender.ReadAsync("n");
        await sender.ReadAsync("o");
    }

    [Fact]
    public async Task Data_that_is_json_already_is_taken_compact()
    {
        using var client = await server.ConnectAsync();
        await client.SubscribeAsync("api-json");
        (await PostAsync("""{"name":"e","channel":"api-json","data":{ "n": 1.0, "a": [ "ü" ] }}""")).Expect(200);
        Assert.Equal("""{"n":1.0,"a":["ü"]}""", (await client.ReadAsync("e")).Text());
    }

    [Fact]
    public async Task Counts_are_told_with_an_event()
    {
        using var one = await server.ConnectAsync();
        using var two = await server.ConnectAsync();
        await one.SubscribeAsync("presence-counted", "1");
        await two.SubscribeAsync("presence-counted", "1");
        await one.SubscribeAsync("counted");
        (await PostAsync("""{"name":"e","channels":["presence-counted","counted","nobody"],"data":"1","info":"subscription_count,user_count,what"}"""))
            .Expect(200, """{"channels":{"presence-counted":{"user_count":1,"subscription_count":2},"counted":{"subscription_count":1},"nobody":{"subscription_count":0}}}""");
    }

    [Fact]
    public async Task A_batch_is_published_in_order_and_counted_by_place()
    {
        using var client = await server.ConnectAsync();
        await client.SubscribeAsync("batch");
        (await PostAsync(Batch(10), "batch_events")).Expect(200, "{}");
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(i.ToString(CultureInfo.InvariantCulture), (await client.ReadAsync("e")).Text());
        }

        (await PostAsync("""{"batch":[{"name":"a","channel":"batch","data":"1","info":"subscription_count"},{"name":"b","channel":"none","data":"2"}]}""", "batch_events"))
            .Expect(200, """{"batch":[{"subscription_count":1},{}]}""");
    }

    [Theory]
    [InlineData("", 400)]
    [InlineData("nonsense", 400)]
    [InlineData("[]", 400)]
    [InlineData("""{"name":"e","data":"1"}""", 400)]
    [InlineData("""{"name":"e","channels":[],"data":"1"}""", 400)]
    [InlineData("""{"name":"e","channels":[7],"data":"1"}""", 400)]
    [InlineData("""{"name":"e","channels":["bad","a b"],"data":"1"}""", 400)]
    [InlineData("""{"name":"e","channel":7,"data":"1"}""", 400)]
    [InlineData("""{"channel":"bad","data":"1"}""", 400)]
    [InlineData("""{"name":"","channel":"bad","data":"1"}""", 400)]
    [InlineData("""{"name":7,"channel":"bad","data":"1"}""", 400)]
    [InlineData("""{"name":"a\u0000","channel":"bad","data":"1"}""", 400)]
    [InlineData("""{"name":"pusher:error","channel":"bad","data":"1"}""", 400)]
    [InlineData("""{"name":"pusher_internal:member_added","channel":"bad","data":"1"}""", 400)]
    [InlineData("""{"name":"e","channel":"bad"}""", 400)]
    [InlineData("""{"name":"e","channel":"bad","data":7}""", 400)]
    [InlineData("""{"name":"e","channel":"bad","data":"\ud800"}""", 400)]
    [InlineData("""{"name":"e","channel":"bad","data":{"a":"\ud800"}}""", 400)]
    [InlineData("""{"name":"e","channel":"bad","data":"1","socket_id":"x"}""", 400)]
    [InlineData("""{"name":"e","channel":"bad","data":"1","socket_id":7}""", 400)]
    [InlineData("""{"name":"e","channels":["bad","private-encrypted-a"],"data":"1"}""", 400)]
    public async Task Invalid_events_publish_nothing(string body, int status)
    {
        using var client = await server.ConnectAsync();
        await client.SubscribeAsync("bad");
        var answer = (await PostAsync(body)).Expect(status);
        Assert.Equal(status, answer.Json.GetProperty("code").GetInt32());
        Assert.Empty(await client.SettleAsync());
    }

    [Theory]
    [InlineData("""{"batch":[]}""")]
    [InlineData("""{"batch":{}}""")]
    [InlineData("""{}""")]
    [InlineData("""{"batch":[{"name":"e","channel":"bad-batch","data":"1"},{"name":"e","channel":"a b","data":"1"}]}""")]
    [InlineData("""{"batch":[{"name":"e","channel":"bad-batch","data":"1"},7]}""")]
    [InlineData("""{"batch":[{"name":"e","channels":["bad-batch"],"data":"1"}]}""")]
    public async Task One_invalid_event_spoils_its_batch(string body)
    {
        using var client = await server.ConnectAsync();
        await client.SubscribeAsync("bad-batch");
        (await PostAsync(body, "batch_events")).Expect(400);
        Assert.Empty(await client.SettleAsync());
    }

    [Fact]
    public async Task Every_limit_permits_its_value_and_not_one_more()
    {
        (await PostAsync(Event(data: new('x', 10_240)))).Expect(200);
        (await PostAsync(Event(data: new('x', 10_241)))).Expect(413);
        (await PostAsync(Event(data: new('ü', 5_120)))).Expect(200);
        Assert.StartsWith(
            "The data content of this event exceeds the allowed maximum (10240 bytes)",
            (await PostAsync(Event(data: new string('ü', 5_120) + "x"))).Expect(413).Json.GetProperty("error").GetString(), StringComparison.Ordinal);
        (await PostAsync(Event(name: new('n', 200)))).Expect(200);
        (await PostAsync(Event(name: new('n', 201)))).Expect(400);
        (await PostAsync(Event(channels: [new('c', 200)]))).Expect(200);
        (await PostAsync(Event(channels: [new('c', 201)]))).Expect(400);
        (await PostAsync(Event(channels: [.. Enumerable.Range(0, 100).Select(i => $"c{i}")]))).Expect(200);
        (await PostAsync(Event(channels: [.. Enumerable.Range(0, 101).Select(i => $"c{i}")]))).Expect(400);
        (await PostAsync(Batch(10), "batch_events")).Expect(200);
        (await PostAsync(Batch(11), "batch_events")).Expect(400);
        var spaces = Event();
        (await PostAsync(spaces + new string(' ', (1024 * 1024) - spaces.Length))).Expect(200);
        (await PostAsync(spaces + new string(' ', (1024 * 1024) + 1 - spaces.Length))).Expect(413);
    }

    [Fact]
    public async Task Control_characters_at_the_limit_still_fit_the_engine()
    {
        using var client = await server.ConnectAsync();
        await client.SubscribeAsync("controls");
        var data = new string('\u0001', 10_240);
        (await PostAsync(Event(channels: ["controls"], data: data))).Expect(200);
        Assert.Equal(data, (await client.ReadAsync("e")).Text());
    }

    [Fact]
    public async Task Occupied_channels_are_listed()
    {
        await using var fresh = new PusherTestServer();
        await fresh.InitializeAsync();
        (await fresh.CallAsync("GET", "channels")).Expect(200, """{"channels":{}}""");
        using var one = await fresh.SignInAsync("u");
        using var two = await fresh.ConnectAsync();
        await one.SubscribeAsync("#server-to-user-u");
        await one.SubscribeAsync("presence-hall", "1");
        await one.SubscribeAsync("presence-room", "1");
        await two.SubscribeAsync("presence-hall", "2");
        await one.ReadAsync("pusher_internal:member_added");
        await one.SubscribeAsync("list-a");

        (await fresh.CallAsync("GET", "channels")).Expect(200, """{"channels":{"list-a":{},"presence-hall":{},"presence-room":{}}}""");
        (await fresh.CallAsync("GET", "channels", query: "filter_by_prefix=presence-&info=user_count")).Expect(
            200, """{"channels":{"presence-hall":{"user_count":2},"presence-room":{"user_count":1}}}""");
        (await fresh.CallAsync("GET", "channels", query: "filter_by_prefix=presence-h&info=user_count,subscription_count")).Expect(
            200, """{"channels":{"presence-hall":{"user_count":2,"subscription_count":2}}}""");
        (await fresh.CallAsync("GET", "channels", query: "info=user_count")).Expect(400);
        (await fresh.CallAsync("GET", "channels", query: "info=cache")).Expect(400);
        (await fresh.CallAsync("GET", "channels", appId: "plain", key: PusherTestServer.PlainKey)).Expect(200, """{"channels":{}}""");
    }

    [Fact]
    public async Task One_channel_is_told_about()
    {
        using var client = await server.ConnectAsync();
        await client.SubscribeAsync("presence-one", "7");
        await client.SubscribeAsync("one");
        (await server.CallAsync("GET", "channels/one")).Expect(200, """{"occupied":true}""");
        (await server.CallAsync("GET", "channels/one", query: "info=subscription_count")).Expect(200, """{"occupied":true,"subscription_count":1}""");
        (await server.CallAsync("GET", "channels/presence-one", query: "info=user_count,subscription_count")).Expect(
            200, """{"occupied":true,"user_count":1,"subscription_count":1}""");
        (await server.CallAsync("GET", "channels/presence-one/users")).Expect(200, """{"users":[{"id":"7"}]}""");
        (await server.CallAsync("GET", "channels/presence-two/users")).Expect(200, """{"users":[]}""");
        (await server.CallAsync("GET", "channels/never")).Expect(200, """{"occupied":false}""");
        (await server.CallAsync("GET", "channels/presence-one/stats")).Expect(200, """{"occupied":true,"user_count":1}""");
        (await server.CallAsync("GET", "channels/one", query: "info=user_count")).Expect(400);
        (await server.CallAsync("GET", "channels/one", query: "info=cache")).Expect(400);
        (await server.CallAsync("GET", "channels/one/users")).Expect(400);
        (await server.CallAsync("GET", "channels/a%20b")).Expect(400);
        await client.UnsubscribeAsync("one");
        await client.SettleAsync();
        (await server.CallAsync("GET", "channels/one")).Expect(200, """{"occupied":false}""");
    }

    [Fact]
    public async Task The_older_way_to_publish_still_works()
    {
        using var client = await server.ConnectAsync();
        await client.SubscribeAsync("older");
        (await server.CallAsync("POST", "channels/older/events", """{"n": 1}""", "name=e")).Expect(202, "");
        Assert.Equal("""{"n": 1}""", (await client.ReadAsync("e")).Text());
        (await server.CallAsync("POST", "channels/older/events", "1", $"name=e&socket_id={client.SocketId}")).Expect(202);
        (await server.CallAsync("POST", "channels/older/events", "1")).Expect(400);
        (await server.CallAsync("POST", "channels/older/events", "1", "name=e&socket_id=x")).Expect(400);
        Assert.Empty(await client.SettleAsync());
    }

    [Fact]
    public async Task A_channel_that_takes_no_events_says_so()
    {
        await server.CreateAsync("closed", ChannelPermission.Subscribe, publish: false);
        (await PostAsync(Event(channels: ["closed"]))).Expect(403);
        (await PostAsync(Event(channels: ["closed", "other"]))).Expect(403);
    }

    private static string Event(string name = "e", string[]? channels = null, string data = "1") => new JsonObject
    {
        ["name"] = name,
        ["channels"] = new JsonArray([.. (channels ?? ["limits"]).Select(channel => JsonValue.Create(channel))]),
        ["data"] = data,
    }.ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    private static string Batch(int count) =>
        $$"""{"batch":[{{string.Join(',', Enumerable.Range(0, count).Select(i => $$"""{"name":"e","channel":"batch","data":"{{i}}"}"""))}}]}""";

    private Task<Answer> PostAsync(string body, string path = "events") => server.CallAsync("POST", path, body);
}
