using System.Text.Json;
using Channels.AspNetCore.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Channels.AspNetCore.Tests.Native;

public sealed class ServerPublishTests(ServerPublishTests.Server server) : IClassFixture<ServerPublishTests.Server>
{
    [Fact]
    public async Task A_message_is_answered_byte_for_byte()
    {
        await server.CreateAsync("bytes", type: ChannelType.SeparateRooms);
        var answer = await server.PostAsync("messages/", """{"channel":"bytes","room":"Room","event":"tick","payload": [1.0, "ü"] ,"unknown":1}""");
        var id = answer.Id;
        answer.Expect(201, $$$"""{"id":{{{id}}},"channel":"bytes","room":"Room","created_at":"{{{server.Now}}}","action":"custom","author":{"admin":1},"metadata":{"type":"message","event":"tick"},"payload":[1.0, "ü"],"links":{"self":"/v1.1/instances/demo-instance/channels/bytes/history/{{{id}}}/"}}""");
    }

    [Theory]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("1e5")]
    [InlineData("\"text\"")]
    [InlineData("\"{}\"")]
    [InlineData("[]")]
    [InlineData("{\"a\" : 1}")]
    public async Task A_payload_is_any_json(string payload)
    {
        await server.Channels.Catalog.CreateAsync(new() { Name = "any", ClientsMayPublish = true });
        var answer = await server.PostAsync("messages/", $$"""{"channel":"any","payload":{{payload}}}""", Keys.Trusted);
        Assert.Contains($"\"payload\":{payload},", answer.Expect(201).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_keep_their_case_and_may_come_from_templates()
    {
        var answer = await server.PostAsync("messages/", """{"channel":"Inbox:Ann","payload":{}}""");
        Assert.Contains("\"channel\":\"Inbox:Ann\"", answer.Expect(201).Body, StringComparison.Ordinal);
        Assert.Contains("/channels/Inbox%3AAnn/history/", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_makes_repeating_harmless()
    {
        await server.CreateAsync("keys");
        var first = (await server.PostAsync("messages/", """{"channel":"keys","payload":{"a":1},"key":"k1"}""")).Expect(201);
        var second = (await server.PostAsync("messages/", """{"channel":"keys","payload":{"a":1},"key":"k1"}""")).Expect(200, first.Body);
        Assert.Equal(first.Id, second.Id);
        (await server.PostAsync("messages/", """{"channel":"keys","payload":{"a":2},"key":"k1"}"""))
            .Expect(409, """{"detail":"The key was used with another payload."}""");
        Assert.NotEqual(first.Id, (await server.PostAsync("messages/", """{"channel":"keys","payload":{"a":1},"key":"k1"}""", Keys.Trusted)).Expect(201).Id);
        Assert.Equal(2, (await server.GetAsync("channels/keys/history/")).Json.GetProperty("objects").GetArrayLength());
    }

    [Fact]
    public async Task A_connection_can_be_left_out()
    {
        await server.CreateAsync("exclude", ChannelPermission.Subscribe);
        using var left = await server.ConnectAsync($"stream/?channel=exclude&api_key={Keys.Admin}");
        using var other = await server.ConnectAsync($"stream/?channel=exclude&api_key={Keys.Admin}");
        var connection = (await left.ReadJsonAsync()).GetProperty("data").GetProperty("connection").GetString();
        await other.ReadJsonAsync();
        await server.PostAsync("messages/", $$"""{"channel":"exclude","payload":1,"exclude":"{{connection}}"}""");
        await server.PostAsync("messages/", """{"channel":"exclude","payload":2}""");
        Assert.Equal(2, Payload(await left.ReadJsonAsync()));
        Assert.Equal(1, Payload(await other.ReadJsonAsync()));
        Assert.Equal(2, Payload(await other.ReadJsonAsync()));
    }

    [Theory]
    [InlineData("{}", 400, """{"channel":["This field is required."],"payload":["This field is required."]}""")]
    [InlineData("""{"channel":"","payload":1}""", 400, """{"channel":["This field may not be blank."]}""")]
    [InlineData("""{"channel":[],"payload":1}""", 400, """{"channel":["Not a valid string."]}""")]
    [InlineData("""{"channel":"wrong","payload":1,"room":"","event":"","key":"","exclude":""}""", 400, """{"room":["This field may not be blank."],"event":["This field may not be blank."],"key":["This field may not be blank."],"exclude":["This field may not be blank."]}""")]
    [InlineData("""{"channel":"wrong","payload":"\ud800"}""", 400, """{"payload":["Not a valid JSON string."]}""")]
    [InlineData("""{"channel":"nothing","payload":1}""", 404, """{"detail":"Not found."}""")]
    [InlineData("""{"channel":"a\u0000","payload":1}""", 404, """{"detail":"Not found."}""")]
    [InlineData("""{"channel":"rooms","payload":1}""", 400, """{"room":"This field is required for channels with separate rooms."}""")]
    [InlineData("""{"channel":"rooms","room":"a\nb","payload":1}""", 400, """{"room":["Enter a valid value."]}""")]
    [InlineData("""{"channel":"wrong","event":"a\nb","payload":1}""", 400, """{"non_field_errors":["Invalid event, key or exclude."]}""")]
    [InlineData("""{"channel":"mute","payload":1}""", 403, """{"detail":"Custom publish not allowed on this channel."}""")]
    [InlineData("[1]", 400, """{"non_field_errors":["Invalid data. Expected a dictionary, but got list."]}""")]
    public async Task A_wrong_publish_is_refused(string body, int status, string error)
    {
        await server.Channels.Catalog.CreateAsync(new() { Name = "wrong", ClientsMayPublish = true });
        await server.Channels.Catalog.CreateAsync(new() { Name = "mute" });
        await server.Channels.Catalog.CreateAsync(new() { Name = "rooms", Type = ChannelType.SeparateRooms, ClientsMayPublish = true });
        (await server.PostAsync("messages/", body)).Expect(status, error);
    }

    [Theory]
    [InlineData("channel", 255)]
    [InlineData("room", 255)]
    [InlineData("event", 200)]
    [InlineData("key", 128)]
    [InlineData("exclude", 64)]
    public async Task Texts_have_a_longest_length(string field, int length)
    {
        var text = JsonSerializer.Serialize(new Dictionary<string, object> { [field == "channel" ? "x" : "channel"] = "c", ["payload"] = 1, [field] = new string('a', length + 1) });
        (await server.PostAsync("messages/", text))
            .Expect(400, $$"""{"{{field}}":["Ensure this field has no more than {{length}} characters."]}""");
    }

    [Fact]
    public async Task A_payload_of_64_kib_fits_with_its_envelope_and_one_byte_more_does_not()
    {
        await server.CreateAsync("large");
        string Body(int bytes) => $$"""{"channel":"large","payload":"{{new string('x', bytes - 2)}}"}""";
        (await server.PostAsync("messages/", Body(65536))).Expect(201);
        (await server.PostAsync("messages/", Body(65537))).Expect(413, """{"detail":"Request size limit exceeded (65536)."}""");
        (await server.PostAsync("messages/", Body(80_000))).Expect(413, """{"detail":"Request size limit exceeded (73728)."}""");
    }

    [Fact]
    public async Task Forms_have_no_json_values()
    {
        var form = TestServer.Body("channel=x&payload=1", "application/x-www-form-urlencoded");
        (await server.SendAsync("POST", "messages/", content: form)).Expect(415);
    }

    private static int Payload(JsonElement frame) => frame.GetProperty("payload").GetInt32();

    public sealed class Server : TestServer
    {
        protected override void AddServices(WebApplicationBuilder builder, IChannelsBuilder channels) =>
            channels.AddChannel("Inbox:{user}", channel => channel.ClientsMayPublish());
    }
}
