using Channels.AspNetCore.Tests.Support;

namespace Channels.AspNetCore.Tests.Syncano;

/// <summary>Data objects over REST, byte for byte where the specification says so.</summary>
public sealed class ObjectTests(ObjectServer server) : IClassFixture<ObjectServer>
{
    private const string Links = "/v1.1/instances/demo-instance";

    [Fact]
    public async Task A_created_object_is_answered_and_published_whole()
    {
        var channel = await server.CreateAsync("whole", publish: false);
        var answer = await server.PostAsync(ObjectServer.Books, """{"title":"first 😀","channel":"Whole","channel_room":"ignored","instanceName":"x","id":99}""");

        var shared = $$"""
            "id":{{answer.Id}},"created_at":"{{server.Now}}","updated_at":"{{server.Now}}","revision":1,"owner":null,"owner_permissions":"full","group":null,"group_permissions":"none","other_permissions":"none","title":"first 😀","reads":null
            """;
        var self = $"{Links}/classes/books/objects/{answer.Id}/";
        answer.Expect(201, $$$"""{{{{shared}}},"channel":"whole","channel_room":null,"links":{"self":"{{{self}}}","channel":"{{{Links}}}/channels/whole/"}}""");
        (await server.GetAsync($"{ObjectServer.Books}{answer.Id}/")).Expect(200, answer.Body);
        var message = (await HistoryAsync(channel))[0];
        Assert.Equal("{" + shared + "}", message.GetProperty("payload").GetRawText());
        Assert.Equal("create", message.GetProperty("action").GetString());
        Assert.Equal("""{"type":"object","class":"books"}""", message.GetProperty("metadata").GetRawText());
        Assert.Equal("""{"admin":1}""", message.GetProperty("author").GetRawText());
    }

    [Theory]
    [InlineData("PATCH")]
    [InlineData("POST")]
    public async Task An_update_publishes_what_changed(string method)
    {
        var channel = await server.CreateAsync($"changes-{method}".ToLowerInvariant());
        var created = (await server.PostAsync(ObjectServer.Books, $$"""{"title":"first","reads":2,"channel":"{{channel}}"}""")).Expect(201);
        var path = $"{ObjectServer.Books}{created.Id}/";
        server.Time.Advance(TimeSpan.FromSeconds(9));
        var now = server.Now;

        var updated = (await server.SendAsync(method, path, Keys.Admin, null, """{"title":"second","reads":2,"channel":"other","revision":77}""")).Expect(200);
        await server.SendAsync(method, path, Keys.Admin, null, """{"reads":{"_increment":3},"expected_revision":2}""");
        var same = (await server.SendAsync(method, path, Keys.Admin, null, """{"title":"second"}""")).Expect(200);

        Assert.Equal((2, channel, now), (
            updated.Json.GetProperty("revision").GetInt32(), updated.Json.GetProperty("channel").GetString(), updated.Json.GetProperty("updated_at").GetString()));
        Assert.Equal((3, 5), (same.Json.GetProperty("revision").GetInt32(), same.Json.GetProperty("reads").GetInt32()));
        Assert.Equal(
            [
                $$"""{"id":{{created.Id}},"updated_at":"{{now}}"}""",
                $$"""{"id":{{created.Id}},"updated_at":"{{now}}","revision":3,"reads":5}""",
                $$"""{"id":{{created.Id}},"updated_at":"{{now}}","revision":2,"title":"second"}""",
            ],
            (await HistoryAsync(channel)).Take(3).Select(message => message.GetProperty("payload").GetRawText()));
        (await server.SendAsync("DELETE", path, Keys.Admin, null)).Expect(204, "");
        Assert.Equal($$"""{"id":{{created.Id}}}""", (await HistoryAsync(channel))[0].GetProperty("payload").GetRawText());
        (await server.GetAsync(path)).Expect(404, """{"detail":"Not found."}""");
        (await server.SendAsync("DELETE", path, Keys.Admin, null)).Expect(404, """{"detail":"Not found."}""");
    }

    [Fact]
    public async Task A_room_of_a_channel_with_rooms_gets_the_notification()
    {
        await server.CreateAsync("roomy", type: ChannelType.SeparateRooms);
        var created = (await server.PostAsync(ObjectServer.Books, """{"channel":"roomy","channel_room":"RED"}""")).Expect(201);

        Assert.Equal("red", created.Json.GetProperty("channel_room").GetString());
        var poll = await server.GetAsync("channels/roomy/poll/?room=red&last_id=0");
        Assert.Equal(created.Id, poll.Json.GetProperty("payload").GetProperty("id").GetInt64());
    }

    [Fact]
    public async Task An_object_without_a_channel_publishes_nothing()
    {
        var before = (await server.Channels.PublishAsync("quiet", new("1"))).Id;
        (await server.PostAsync(ObjectServer.Books, """{"title":"silent","channel":null}""")).Expect(201);

        Assert.Equal(before + 1, (await server.Channels.PublishAsync("quiet", new("2"))).Id);
    }

    [Theory]
    [InlineData("""{"channel":"nope"}""", """{"channel":["Object with name=nope does not exist."]}""")]
    [InlineData("""{"channel":"rooms"}""", """{"non_field_errors":["Channel room field is required for channels with separate rooms."]}""")]
    [InlineData("""{"channel":"rooms","channel_room":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}""", """{"channel_room":["Ensure this field has no more than 64 characters."]}""")]
    [InlineData("""{"channel":5}""", """{"channel":["Object with name=5 does not exist."]}""")]
    [InlineData("""{"channel":[1]}""", """{"channel":["Not a valid string."]}""")]
    [InlineData("""{"title":[1]}""", """{"title":["Not a valid string."]}""")]
    [InlineData("""{"title":true}""", """{"title":["Not a valid string."]}""")]
    [InlineData("""{"title":"\ud800"}""", """{"title":["Not a valid JSON string."]}""")]
    [InlineData("""{"reads":"many"}""", """{"reads":["A valid integer is required."]}""")]
    [InlineData("""{"reads":1.5}""", """{"reads":["A valid integer is required."]}""")]
    [InlineData("""{"reads":99999999999999999999}""", """{"reads":["Integer out of range."]}""")]
    [InlineData("""{"reads":{"_increment":"x"}}""", """{"reads":["A valid integer is required."]}""")]
    [InlineData("""{"reads":{"_increment":1,"x":2}}""", """{"reads":["A valid integer is required."]}""")]
    [InlineData("""{"title":[],"reads":"x","channel":"nope"}""", """{"channel":["Object with name=nope does not exist."],"title":["Not a valid string."],"reads":["A valid integer is required."]}""")]
    [InlineData("""{"other_permissions":"some"}""", """{"other_permissions":["\"some\" is not a valid choice."]}""")]
    [InlineData("""{"owner_permissions":null,"reads":"x"}""", """{"owner_permissions":["This field may not be null."],"reads":["A valid integer is required."]}""")]
    [InlineData("""{"group":99}""", """{"group":["Invalid pk \"99\" - object does not exist."]}""")]
    [InlineData("""{"group":{}}""", """{"group":["Incorrect type. Expected pk value, received dict."]}""")]
    [InlineData("""{"owner":[]}""", """{"owner":["Incorrect type. Expected pk value, received list."]}""")]
    [InlineData("[1]", """{"non_field_errors":["Invalid data. Expected a dictionary, but got list."]}""")]
    [InlineData("{", null)]
    [InlineData("""{"title":""", null)]
    public async Task A_bad_creation_is_refused_in_the_specified_words_and_leaves_nothing(string body, string? expected)
    {
        var count = await CountAsync();

        var answer = (await server.PostAsync(ObjectServer.Books, body)).Expect(400, expected);

        Assert.True(expected is not null || answer.Body.StartsWith("""{"detail":"JSON parse error - """, StringComparison.Ordinal), answer.Body);
        Assert.Equal(count, await CountAsync());
    }

    [Fact]
    public async Task Deep_json_and_long_values_are_refused()
    {
        (await server.PostAsync("classes/notes/objects/", $$"""{"body":{{new string('[', 60)}}{{new string(']', 60)}}}""")).Expect(400, """{"body":["Not a valid JSON string."]}""");
        (await server.PostAsync("classes/notes/objects/", $$"""{"body":{{new string('[', 600)}}{{new string(']', 600)}}}""")).Expect(400);
        (await server.PostAsync("classes/notes/objects/", $$"""{"body":{{new string('[', 45)}}{{new string(']', 45)}}}""")).Expect(201);
        (await server.PostAsync(ObjectServer.Books, $$"""{"title":"{{new string('x', 129)}}"}""")).Expect(400, """{"title":["Ensure this field has no more than 128 characters."]}""");
        (await server.PostAsync(ObjectServer.Books, $$"""{"title":"{{string.Concat(Enumerable.Repeat("😀", 128))}}"}""")).Expect(201);
        (await server.PostAsync(ObjectServer.Books, $$"""{"title":"{{new string('x', 70_000)}}"}""")).Expect(413);
        (await server.PostAsync("classes/notes/objects/", $$"""{"body":["{{new string('x', 65_500)}}"]}""")).Expect(400, """{"detail":"Too big request passed."}""");
        Assert.Equal(1, (await server.GetAsync("classes/notes/")).Json.GetProperty("objects_count").GetInt32());
    }

    [Fact]
    public async Task A_revision_that_is_not_the_expected_one_is_told()
    {
        var path = $"{ObjectServer.Books}{(await server.PostAsync(ObjectServer.Books, """{"title":"a"}""")).Id}/";
        (await server.SendAsync("PATCH", path, Keys.Admin, null, """{"title":"b","expected_revision":"1"}""")).Expect(200);

        (await server.SendAsync("PATCH", path, Keys.Admin, null, """{"title":"c","expected_revision":3}"""))
            .Expect(400, """{"expected_revision":"Revision mismatch. Expected 3, got 2."}""");
        (await server.SendAsync("PATCH", path, Keys.Admin, null, """{"title":"c","expected_revision":"x"}"""))
            .Expect(400, """{"expected_revision":["A valid integer is required."]}""");
        Assert.Equal("b", (await server.GetAsync(path)).Json.GetProperty("title").GetString());
    }

    [Fact]
    public async Task Forms_and_texts_spell_values_too()
    {
        using var request = server.Request("POST", "classes/kinds/objects/", Keys.Admin, null);
        request.Content = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["whole"] = "5",
            ["real"] = "1.50",
            ["flag"] = "yes",
            ["moment"] = "2016-03-01T10:00:00+02:00",
            ["place"] = """{"longitude":1,"latitude":2.5}""",
            ["links_to"] = "[3,4]",
            ["name"] = "7",
        });
        var form = (await Answer.OfAsync(await server.Http.SendAsync(request).Within())).Expect(201);
        var json = (await server.PostAsync("classes/kinds/objects/", """
            {"whole":"5","real":"1.50","flag":1,"moment":"2016-03-01T08:00:00","place":{"latitude":2.5,"longitude":1.0},"links_to":[3, 4],"name":7}
            """)).Expect(201);

        const string Values = """
            "whole":5,"real":1.5,"flag":true,"moment":"2016-03-01T08:00:00.000000Z","place":{"longitude":1,"latitude":2.5},"links_to":[3,4],"name":"7"
            """;
        Assert.Contains(Values, form.Body, StringComparison.Ordinal);
        Assert.Contains(Values, json.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Objects_are_paged()
    {
        var ids = new List<long>();
        for (var i = 0; i < 5; i++)
        {
            ids.Add((await server.PostAsync("classes/paged/objects/", "{}")).Id);
        }

        var first = (await server.GetAsync("classes/paged/objects/?page_size=2")).Expect(200);
        Assert.Equal(ids.Take(2), IdsOf(first));
        Assert.Equal($"{Links}/classes/paged/objects/?page_size=2&direction=1&last_pk={ids[1]}", first.Json.GetProperty("next").GetString());
        var second = await server.GetAsync(first.Json.GetProperty("next").GetString()!);
        Assert.Equal(ids.Skip(2).Take(2), IdsOf(second));
        var back = await server.GetAsync(second.Json.GetProperty("prev").GetString()!);
        Assert.Equal(ids.Take(2), IdsOf(back));
        Assert.Equal(Enumerable.Reverse(ids), IdsOf(await server.GetAsync("classes/paged/objects/?ordering=desc")));
        Assert.Equal(ids, IdsOf(await server.GetAsync($"classes/paged/objects/?last_pk={ids[1]}")));
        (await server.GetAsync("classes/paged/objects/?page_size=-1")).Expect(400, """{"detail":"Incorrect page parameter provided."}""");
        (await server.GetAsync($"classes/paged/objects/{ids[0]}/?fields=id,revision")).Expect(200, $$"""{"id":{{ids[0]}},"revision":1}""");

        static IEnumerable<long> IdsOf(Answer answer) => answer.Json.GetProperty("objects").EnumerateArray().Select(found => found.GetProperty("id").GetInt64());
    }

    [Fact]
    public async Task Checks_come_in_the_specified_order()
    {
        var path = $"{ObjectServer.Books}{(await server.PostAsync(ObjectServer.Books, "{}")).Id}/";
        (await server.SendAsync("PUT", path, Keys.Admin, null, "{}")).Expect(405, """{"detail":"Method \"PUT\" not allowed."}""");
        (await server.PostAsync("/v1.1/instances/nope/classes/books/objects/", "{}")).Expect(404, """{"detail":"Instance was not found."}""");
        (await server.PostAsync("classes/nope/objects/", "{", key: null)).Expect(404, """{"detail":"Class was not found."}""");
        (await server.PostAsync(ObjectServer.Books, "{", key: "nope")).Expect(403, """{"detail":"No such API Key."}""");
        (await server.PostAsync(ObjectServer.Books, "{", key: Keys.Api)).Expect(403, """{"detail":"You do not have permission to perform this action."}""");
        (await server.SendAsync("PATCH", $"{ObjectServer.Books}999999/", Keys.Admin, null, "{")).Expect(404, """{"detail":"Not found."}""");
        (await server.SendAsync("PATCH", $"{ObjectServer.Books}abc/", Keys.Admin, null, "{}")).Expect(404, """{"detail":"Not found."}""");
        (await server.SendAsync("PATCH", path, Keys.Api, Keys.Bob, """{"reads":"x"}""")).Expect(404, """{"detail":"Not found."}""");
        (await server.SendAsync("PATCH", path, Keys.Admin, null, """{"other_permissions":"read"}""")).Expect(200);
        (await server.SendAsync("PATCH", path, Keys.Api, Keys.Bob, """{"reads":"x"}""")).Expect(403, """{"detail":"You do not have permission to perform this action."}""");
        (await server.SendAsync("PATCH", path, Keys.Reader, null, """{"reads":"x"}""")).Expect(403);
        (await server.PostAsync("classes/closed/objects/", """{"title":[]}""", Keys.Api, Keys.Bob)).Expect(403);
        (await server.GetAsync("classes/closed/objects/", Keys.Api, Keys.Bob)).Expect(403);
    }

    [Fact]
    public async Task Publishing_to_a_channel_needs_its_permission_and_nothing_is_left_without()
    {
        var channel = await server.CreateAsync("read-only-objects", ChannelPermission.Subscribe);
        var count = await CountAsync();

        (await server.PostAsync(ObjectServer.Books, $$"""{"title":"x","channel":"{{channel}}"}""", Keys.Api, Keys.Bob))
            .Expect(403, """{"detail":"You do not have permission to publish data to specified channel."}""");
        Assert.Equal(count, await CountAsync());
        Assert.Empty(await HistoryAsync(channel));
        var path = $"{ObjectServer.Books}{(await server.PostAsync(ObjectServer.Books, $$"""{"channel":"{{channel}}","owner":2}""")).Id}/";
        (await server.SendAsync("PATCH", path, Keys.Api, Keys.Bob, """{"title":"x"}""")).Expect(403, """{"detail":"You do not have permission to publish data to specified channel."}""");
        (await server.SendAsync("DELETE", path, Keys.Api, Keys.Bob)).Expect(403, """{"detail":"You do not have permission to publish data to specified channel."}""");
        Assert.Single(await HistoryAsync(channel));
    }

    [Fact]
    public async Task A_user_owns_what_they_create()
    {
        await server.CreateAsync("open-objects", ChannelPermission.Publish, publish: false);
        var created = (await server.PostAsync(ObjectServer.Books, """{"title":"mine","channel":"open-objects","owner":1}""", Keys.Api, Keys.Bob)).Expect(201);

        Assert.Equal(2, created.Json.GetProperty("owner").GetInt32());
        Assert.Equal($"{Links}/users/2/", created.Json.GetProperty("links").GetProperty("owner").GetString());
        Assert.Equal("""{"api_key":1,"user":2}""", (await HistoryAsync("open-objects"))[0].GetProperty("author").GetRawText());
        (await server.GetAsync($"{ObjectServer.Books}{created.Id}/", Keys.Api, Keys.Alice)).Expect(404);
        (await server.SendAsync("DELETE", $"{ObjectServer.Books}{created.Id}/", Keys.Api, Keys.Bob)).Expect(204);
    }

    [Fact]
    public async Task A_deleted_channel_takes_its_objects_with_it()
    {
        await server.CreateAsync("leaving");
        var bound = (await server.PostAsync(ObjectServer.Books, """{"channel":"leaving"}""")).Id;

        (await server.SendAsync("DELETE", "channels/leaving/", Keys.Admin, null)).Expect(204);

        (await server.GetAsync($"{ObjectServer.Books}{bound}/")).Expect(404);
    }

    private async Task<long> CountAsync() => (await server.GetAsync("classes/books/")).Json.GetProperty("objects_count").GetInt64();

    private async Task<List<System.Text.Json.JsonElement>> HistoryAsync(string channel) =>
        [.. (await server.GetAsync($"channels/{channel}/history/")).Expect(200).Json.GetProperty("objects").EnumerateArray()];
}
