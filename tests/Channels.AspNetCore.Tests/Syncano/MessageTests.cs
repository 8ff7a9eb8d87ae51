using System.Globalization;
using System.Text;
using Channels.AspNetCore.Tests.Support;

namespace Channels.AspNetCore.Tests.Syncano;

public sealed class MessageTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task A_published_message_is_answered_polled_and_listed_byte_for_byte()
    {
        await server.CreateAsync("shape", ChannelPermission.Publish);
        var published = await server.PostAsync("channels/shape/publish/", """{"payload":{"content": "hé😀 ", "n":1.50}}""", Keys.Api, Keys.Alice);
        var id = published.Id;
        var content = $$$""","created_at":"{{{server.Now}}}","action":"custom","author":{"api_key":1,"user":1},"metadata":{"type":"message"},"payload":{"content": "hé😀 ", "n":1.50}""";
        var stored = $$$"""{"id":{{{id}}},"room":null{{{content}}},"links":{"self":"/v1.1/instances/demo-instance/channels/shape/history/{{{id}}}/"}}""";
        published.Expect(201, stored);

        var polled = await server.GetAsync("channels/shape/poll/?last_id=0", Keys.Api, Keys.Bob);
        polled.Expect(200, $$$"""{"id":{{{id}}}{{{content}}}}""");
        Assert.Equal(id.ToString(CultureInfo.InvariantCulture), polled.Header("X-Last-Id"));
        Assert.Equal("no-cache", polled.Header("Cache-Control"));
        Assert.Equal("application/json", polled.Header("Content-Type"));

        (await server.GetAsync("channels/shape/history/", Keys.Api, Keys.Bob)).Expect(200, $$"""{"next":null,"prev":null,"objects":[{{stored}}]}""");
        (await server.GetAsync($"channels/shape/history/{id}/", Keys.Api, Keys.Bob)).Expect(200, stored);
        (await server.GetAsync($"channels/shape/history/{id}/?fields=id,room")).Expect(200, $$"""{"id":{{id}},"room":null}""");
    }

    [Theory]
    [InlineData(Keys.Admin, null, """{"admin":1}""")]
    [InlineData(Keys.Trusted, null, """{"api_key":2}""")]
    [InlineData(Keys.Trusted, Keys.Bob, """{"api_key":2,"user":2}""")]
    [InlineData(Keys.Api, Keys.Alice, """{"api_key":1,"user":1}""")]
    [InlineData(Keys.Api, Keys.Carol, """{"api_key":1,"user":"carol-x"}""")]
    public async Task The_author_is_who_published(string key, string? user, string author)
    {
        await server.Channels.Catalog.CreateAsync(new() { Name = "authors", OtherPermission = ChannelPermission.Publish, ClientsMayPublish = true });
        var answer = await server.PostAsync("channels/authors/publish/", "{}", key, user);
        Assert.Equal(author, answer.Expect(201).Json.GetProperty("author").GetRawText());
    }

    [Fact]
    public async Task What_the_application_publishes_has_no_author_and_may_have_an_event_or_a_class()
    {
        await server.CreateAsync("objects");
        await server.Channels.PublishAsync("objects", new MessageDraft("{}") { Event = "tick" });
        await server.Channels.PublishAsync("objects", new MessageDraft("""{"id":6}""") { Action = MessageAction.Delete, ObjectClass = "books" });
        var answer = await server.GetAsync("channels/objects/history/?fields=action,author,metadata,payload");
        answer.Expect(200, """{"next":null,"prev":null,"objects":[{"action":"delete","author":{},"metadata":{"type":"object","class":"books"},"payload":{"id":6}},{"action":"custom","author":{},"metadata":{"type":"message","event":"tick"},"payload":{}}]}""");
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("{}", "{}")]
    [InlineData("""{"payload":{"a":[1,2,{"b":null}]}}""", """{"a":[1,2,{"b":null}]}""")]
    [InlineData("""{"payload":"{\"a\":\"\\u00e9\"}"}""", """{"a":"\u00e9"}""")]
    [InlineData("""{"payload":" {\"a\": 1} "}""", """{"a": 1}""")]
    [InlineData("""{"payload":""}""", "{}")]
    [InlineData("""{"payload":{"a":1},"payload":{"a":2},"metadata":{"type":"x"},"author":{"admin":9}}""", """{"a":2}""")]
    [InlineData("""{"p\u0061yload":{"z":1e400}}""", """{"z":1e400}""")]
    public async Task Payloads_are_kept_as_they_were_written(string body, string? payload)
    {
        await server.Channels.Catalog.CreateAsync(new() { Name = "payloads", ClientsMayPublish = true });
        var answer = await server.PostAsync("channels/payloads/publish/", body);
        Assert.Contains($"\"payload\":{payload ?? "{}"},\"links\"", answer.Expect(201).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"payload":"abc"}""", """{"payload":["Not a valid JSON string."]}""")]
    [InlineData("""{"payload":"{} x"}""", """{"payload":["Not a valid JSON string."]}""")]
    [InlineData("""{"payload":"{\"a\":\ud800}"}""", """{"payload":["Not a valid JSON string."]}""")]
    [InlineData("""{"room":"r","payload":{"a":"\ud800"}}""", """{"payload":["Not a valid JSON string."]}""")]
    [InlineData("""{"room":"r","payload":"{\"a\":\"\\udc00\"}"}""", """{"payload":["Not a valid JSON string."]}""")]
    [InlineData("""{"payload":[1]}""", """{"payload":["Payload passed in invalid format."]}""")]
    [InlineData("""{"payload":5}""", """{"payload":["Payload passed in invalid format."]}""")]
    [InlineData("""{"payload":true}""", """{"payload":["Payload passed in invalid format."]}""")]
    [InlineData("""{"payload":"[1]"}""", """{"payload":["Payload passed in invalid format."]}""")]
    [InlineData("""{"payload":"null"}""", """{"payload":["Payload passed in invalid format."]}""")]
    [InlineData("""{"payload":null}""", """{"payload":["This field may not be null."]}""")]
    [InlineData("""{"room":""}""", """{"room":["This field may not be blank."]}""")]
    [InlineData("""{"room":{}}""", """{"room":["Not a valid string."]}""")]
    [InlineData("""{"room":"\ud800"}""", """{"room":["Not a valid string."]}""")]
    [InlineData("""{"room":"a\u0000b"}""", """{"room":["Enter a valid value."]}""")]
    [InlineData("""{"payload":5,"room":" "}""", """{"payload":["Payload passed in invalid format."],"room":["This field may not be blank."]}""")]
    [InlineData("""{"payload":{}}""", """{"room":"This field is required for channels with separate rooms."}""")]
    [InlineData("", """{"room":"This field is required for channels with separate rooms."}""")]
    [InlineData("[]", """{"non_field_errors":["Invalid data. Expected a dictionary, but got list."]}""")]
    [InlineData("""{"payload":}""", """{"detail":"JSON parse error - Invalid JSON at line 1, byte 12."}""")]
    public async Task A_wrong_publish_is_refused_and_nothing_is_stored(string body, string error)
    {
        await server.Channels.Catalog.CreateAsync(new() { Name = "wrong", Type = ChannelType.SeparateRooms, ClientsMayPublish = true });
        (await server.PostAsync("channels/wrong/publish/", body)).Expect(400, error);
        (await server.GetAsync("channels/wrong/history/?page_size=1")).Expect(200, """{"next":null,"prev":null,"objects":[]}""");
    }

    [Fact]
    public async Task Rooms_have_at_most_128_characters_and_no_case()
    {
        await server.CreateAsync("rooms", type: ChannelType.SeparateRooms);
        var longest = string.Concat(Enumerable.Repeat("Ä", 128));
        var answer = await server.PostAsync("channels/rooms/publish/", $$"""{"room":"{{longest}}"}""");
        Assert.Equal(longest.ToLowerInvariant(), answer.Expect(201).Json.GetProperty("room").GetString());
        const string Error = """{"room":["Ensure this field has no more than 128 characters."]}""";
        (await server.PostAsync("channels/rooms/publish/", $$"""{"room":"{{longest}}a"}""")).Expect(400, Error);
        (await server.GetAsync($"channels/rooms/poll/?room={longest}a")).Expect(400, Error);
        (await server.GetAsync($"channels/rooms/history/?room={longest}a")).Expect(400, Error);
        (await server.GetAsync($"channels/rooms/poll/?last_id=0&room={longest}")).Expect(200);
        (await server.GetAsync("channels/rooms/history/?room=nobody-wrote-here", Keys.Trusted)).Expect(200, """{"next":null,"prev":null,"objects":[]}""");
    }

    [Fact]
    public async Task Rooms_are_apart_and_default_channels_ignore_them()
    {
        await server.CreateAsync("apart", ChannelPermission.Subscribe, ChannelType.SeparateRooms);
        var inA = await server.PublishAsync("apart", """{"in":"a"}""", "a");
        var inB = await server.PublishAsync("apart", """{"in":"b"}""", "b");
        Assert.Equal(inB.Id, (await server.GetAsync("channels/apart/poll/?last_id=0&room=B", Keys.Api, Keys.Bob)).Expect(200).Id);

        const string Required = """{"room":"This field is required for channels with separate rooms."}""";
        (await server.GetAsync("channels/apart/poll/?last_id=0")).Expect(400, Required);
        (await server.GetAsync("channels/apart/poll/?last_id=&room=")).Expect(400, Required);
        (await server.GetAsync("channels/apart/history/", Keys.Api, Keys.Bob)).Expect(400, Required);
        (await server.GetAsync("channels/apart/history/", Keys.Viewer)).Expect(400, Required);
        (await server.GetAsync($"channels/apart/history/{inA.Id}/", Keys.Api, Keys.Bob)).Expect(400, Required);
        (await server.GetAsync($"channels/apart/history/{inA.Id}/?room=b", Keys.Api, Keys.Bob)).Expect(404, """{"detail":"Not found."}""");
        (await server.GetAsync($"channels/apart/history/{inA.Id}/?room=A", Keys.Api, Keys.Bob)).Expect(200);

        // Administrators and trusted keys see the whole channel.
        var all = (await server.GetAsync("channels/apart/history/")).Expect(200).Json.GetProperty("objects");
        Assert.Equal([inB.Id, inA.Id], all.EnumerateArray().Select(message => message.GetProperty("id").GetInt64()));
        Assert.Equal(["b", "a"], all.EnumerateArray().Select(message => message.GetProperty("room").GetString()));
        (await server.GetAsync($"channels/apart/history/{inA.Id}/", Keys.Trusted)).Expect(200);
        (await server.GetAsync("channels/apart/history/?room=", Keys.Trusted)).Expect(200);

        await server.CreateAsync("plain");
        var message = await server.PostAsync("channels/plain/publish/", """{"room":"ignored"}""");
        Assert.Contains("\"room\":null", message.Expect(201).Body, StringComparison.Ordinal);
        (await server.GetAsync("channels/plain/poll/?last_id=0&room=other")).Expect(200);
        (await server.GetAsync("channels/plain/history/?room=other")).Expect(200);
        (await server.GetAsync($"channels/plain/history/{message.Id}/?room=other")).Expect(200);
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("99999999999999999999")]
    [InlineData("9223372036854775807")]
    [InlineData("1")]
    public async Task An_unknown_message_is_not_found(string id)
    {
        await server.Channels.Catalog.CreateAsync(new() { Name = "known" });
        (await server.GetAsync($"channels/known/history/{id}/")).Expect(404, """{"detail":"Not found."}""");
    }

    [Fact]
    public async Task A_message_is_found_only_through_its_own_channel()
    {
        await server.CreateAsync("mine");
        await server.CreateAsync("yours");
        var message = await server.PublishAsync("mine", "{}");
        (await server.GetAsync($"channels/yours/history/{message.Id}/")).Expect(404);
        (await server.GetAsync($"channels/mine/history/{message.Id}/")).Expect(200);
    }

    [Fact]
    public async Task An_expired_message_is_gone_everywhere()
    {
        await server.CreateAsync("expiring");
        var message = await server.PublishAsync("expiring", "{}");
        server.Time.Advance(TimeSpan.FromHours(25));
        (await server.GetAsync("channels/expiring/history/")).Expect(200, """{"next":null,"prev":null,"objects":[]}""");
        (await server.GetAsync($"channels/expiring/history/{message.Id}/")).Expect(404);
    }

    [Fact]
    public async Task Forms_publish_and_an_empty_room_of_a_form_counts_as_absent()
    {
        await server.CreateAsync("forms");
        var form = TestServer.Body("payload=%7B%22a%22%3A+1%7D&room=", "application/x-www-form-urlencoded; charset=utf-8");
        Assert.Contains("\"payload\":{\"a\": 1}", (await server.SendAsync("POST", "channels/forms/publish/", content: form)).Expect(201).Body, StringComparison.Ordinal);

        using var parts = new MultipartFormDataContent { { new StringContent("""{"b":"ü"}"""), "payload" } };
        Assert.Contains("\"payload\":{\"b\":\"ü\"}", (await server.SendAsync("POST", "channels/forms/publish/", content: parts)).Expect(201).Body, StringComparison.Ordinal);

        var broken = TestServer.Body("payload=abc", "application/x-www-form-urlencoded");
        (await server.SendAsync("POST", "channels/forms/publish/", content: broken)).Expect(400, """{"payload":["Not a valid JSON string."]}""");
        var keyed = TestServer.Body($"_api_key={Keys.Trusted}&payload=", "application/x-www-form-urlencoded");
        (await server.SendAsync("POST", "channels/forms/publish/", key: null, content: keyed)).Expect(201);
    }

    [Fact]
    public async Task A_publish_has_at_most_65536_bytes()
    {
        await server.CreateAsync("sizes");
        const string Frame = """{"payload":{"a":""}}""";
        var fits = Frame.Insert(Frame.Length - 3, new('x', 65536 - Frame.Length));
        (await server.PostAsync("channels/sizes/publish/", fits)).Expect(201);

        const string Error = """{"detail":"Request size limit exceeded (65536)."}""";
        (await server.PostAsync("channels/sizes/publish/", fits + " ")).Expect(413, Error);

        // By its length alone, before anything else is looked at.
        (await server.PostAsync("/v1/instances/nowhere/channels/sizes/publish/", fits + " ", key: null)).Expect(413, Error);

        // Without a length only reading tells.
        using var content = new StreamContent(new MemoryStream(Encoding.UTF8.GetBytes(fits + " ")));
        content.Headers.ContentType = new("application/json");
        using var request = server.Request("POST", "channels/sizes/publish/", Keys.Admin, null);
        request.Content = content;
        request.Headers.TransferEncodingChunked = true;
        (await Answer.OfAsync(await server.Http.SendAsync(request).Within())).Expect(413, Error);
    }
}
