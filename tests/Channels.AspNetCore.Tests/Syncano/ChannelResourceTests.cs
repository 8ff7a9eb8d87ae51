using Channels.AspNetCore.Tests.Support;

namespace Channels.AspNetCore.Tests.Syncano;

public sealed class ChannelResourceTests(TestServer server) : IClassFixture<TestServer>
{
    private static string Links(string name, string group = "") =>
        $$"""{"self":"/v1.1/instances/demo-instance/channels/{{name}}/",{{group}}"poll":"/v1.1/instances/demo-instance/channels/{{name}}/poll/","publish":"/v1.1/instances/demo-instance/channels/{{name}}/publish/","history":"/v1.1/instances/demo-instance/channels/{{name}}/history/"}""";

    [Fact]
    public async Task A_created_channel_is_answered_byte_for_byte()
    {
        var answer = await server.PostAsync("channels/", """{"name":" News "}""");
        answer.Expect(201, $$"""{"name":"news","description":"","type":"default","group":null,"group_permissions":"none","other_permissions":"none","created_at":"{{server.Now}}","updated_at":"{{server.Now}}","custom_publish":false,"links":{{Links("news")}}}""");
        Assert.Equal("application/json", answer.Header("Content-Type"));
        (await server.GetAsync("channels/NEWS/")).Expect(200, answer.Body);
        (await server.GetAsync("channels/news")).Expect(200, answer.Body);
    }

    [Fact]
    public async Task Every_field_can_be_set_at_creation()
    {
        var answer = await server.PostAsync("channels/", """
            {"name":"full","description":" Grüße 😀 ","type":"separate_rooms","group":1,"group_permissions":"publish",
             "other_permissions":"subscribe","custom_publish":true,"id":5,"instanceName":"x","unknown":{"a":[1]}}
            """);
        answer.Expect(201);
        Assert.Equal("Grüße 😀", answer.Json.GetProperty("description").GetString());
        Assert.Contains("Grüße", answer.Body, StringComparison.Ordinal);
        Assert.EndsWith(
            $$""","custom_publish":true,"links":{{Links("full", "\"group\":\"/v1.1/instances/demo-instance/groups/1/\",")}}}""", answer.Body, StringComparison.Ordinal);
        Assert.Contains(""","type":"separate_rooms","group":1,"group_permissions":"publish","other_permissions":"subscribe",""", answer.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", """{"name":["This field is required."]}""")]
    [InlineData("""{"name":""}""", """{"name":["This field may not be blank."]}""")]
    [InlineData("""{"name":"  "}""", """{"name":["This field may not be blank."]}""")]
    [InlineData("""{"name":null}""", """{"name":["This field may not be null."]}""")]
    [InlineData("""{"name":true}""", """{"name":["Not a valid string."]}""")]
    [InlineData("""{"name":{"a":1}}""", """{"name":["Not a valid string."]}""")]
    [InlineData("""{"name":"1abc"}""", """{"name":["Value has to start with a letter."]}""")]
    [InlineData("""{"name":12}""", """{"name":["Value has to start with a letter."]}""")]
    [InlineData("""{"name":"abc-"}""", """{"name":["Value has to end with a letter or a number."]}""")]
    [InlineData("""{"name":"a b"}""", """{"name":["Enter a valid value consisting of letters, numbers, underscores, hyphens."]}""")]
    [InlineData("""{"name":"_ü_"}""", """{"name":["Value has to start with a letter.","Value has to end with a letter or a number.","Enter a valid value consisting of letters, numbers, underscores, hyphens."]}""")]
    [InlineData("""{"name":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}""", """{"name":["Ensure this value has at most 64 characters (it has 65)."]}""")]
    [InlineData("""{"name":"ok1","type":"abc"}""", """{"type":["\"abc\" is not a valid choice."]}""")]
    [InlineData("""{"name":"ok1","type":2}""", """{"type":["\"2\" is not a valid choice."]}""")]
    [InlineData("""{"name":"ok1","type":null}""", """{"type":["This field may not be null."]}""")]
    [InlineData("""{"name":"ok1","other_permissions":"x"}""", """{"other_permissions":["\"x\" is not a valid choice."]}""")]
    [InlineData("""{"name":"ok1","group_permissions":3}""", """{"group_permissions":["\"3\" is not a valid choice."]}""")]
    [InlineData("""{"name":"ok1","group_permissions":true}""", """{"group_permissions":["\"True\" is not a valid choice."]}""")]
    [InlineData("""{"name":"ok1","custom_publish":"maybe"}""", """{"custom_publish":["\"maybe\" is not a valid boolean."]}""")]
    [InlineData("""{"name":"ok1","custom_publish":null}""", """{"custom_publish":["This field may not be null."]}""")]
    [InlineData("""{"name":"ok1","custom_publish":2}""", """{"custom_publish":["\"2\" is not a valid boolean."]}""")]
    [InlineData("""{"name":"ok1","group":99}""", """{"group":["Invalid pk \"99\" - object does not exist."]}""")]
    [InlineData("""{"name":"ok1","group":"nope"}""", """{"group":["Invalid pk \"nope\" - object does not exist."]}""")]
    [InlineData("""{"name":"ok1","group":[1]}""", """{"group":["Incorrect type. Expected pk value, received list."]}""")]
    [InlineData("""{"name":"taken"}""", """{"name":["This field must be unique."]}""")]
    [InlineData("""{"name":"taken","type":"abc","group":99}""", """{"type":["\"abc\" is not a valid choice."],"group":["Invalid pk \"99\" - object does not exist."],"name":["This field must be unique."]}""")]
    [InlineData("""{"name":"","type":"abc","custom_publish":"x"}""", """{"name":["This field may not be blank."],"type":["\"abc\" is not a valid choice."],"custom_publish":["\"x\" is not a valid boolean."]}""")]
    [InlineData("[]", """{"non_field_errors":["Invalid data. Expected a dictionary, but got list."]}""")]
    [InlineData("\"a\"", """{"non_field_errors":["Invalid data. Expected a dictionary, but got str."]}""")]
    [InlineData("1", """{"non_field_errors":["Invalid data. Expected a dictionary, but got int."]}""")]
    [InlineData("1.5", """{"non_field_errors":["Invalid data. Expected a dictionary, but got float."]}""")]
    [InlineData("true", """{"non_field_errors":["Invalid data. Expected a dictionary, but got bool."]}""")]
    [InlineData("null", """{"non_field_errors":["Invalid data. Expected a dictionary, but got NoneType."]}""")]
    [InlineData("{", """{"detail":"JSON parse error - Invalid JSON at line 1, byte 2."}""")]
    [InlineData("{} {}", """{"detail":"JSON parse error - Invalid JSON at line 1, byte 4."}""")]
    public async Task A_wrong_creation_is_refused(string body, string error)
    {
        await server.Channels.Catalog.CreateAsync(new() { Name = "taken" });
        (await server.PostAsync("channels/", body)).Expect(400, error);
    }

    [Fact]
    public async Task A_description_has_at_most_256_characters()
    {
        var text = string.Concat(Enumerable.Repeat("😀", 256));
        (await server.PostAsync("channels/", $$"""{"name":"described","description":"{{text[..(2 * 128)]}}"}""")).Expect(201);
        (await server.PostAsync("channels/", $$"""{"name":"described2","description":"{{text}}a"}"""))
            .Expect(400, """{"description":["Ensure this field has no more than 256 characters."]}""");
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("false", false)]
    [InlineData("1", true)]
    [InlineData("0", false)]
    [InlineData("\"t\"", true)]
    [InlineData("\"YES\"", true)]
    [InlineData("\"On\"", true)]
    [InlineData("\"True\"", true)]
    [InlineData("\"f\"", false)]
    [InlineData("\"no\"", false)]
    [InlineData("\"OFF\"", false)]
    [InlineData("\"False\"", false)]
    public async Task Booleans_may_be_texts(string spelled, bool value)
    {
        var name = $"bool{Guid.NewGuid():N}";
        var answer = await server.PostAsync("channels/", $$"""{"name":"{{name}}","custom_publish":{{spelled}}}""");
        Assert.Equal(value, answer.Expect(201).Json.GetProperty("custom_publish").GetBoolean());
    }

    [Fact]
    public async Task Choices_may_be_numbers()
    {
        var answer = await server.PostAsync("channels/", """{"name":"numbers","type":1,"group_permissions":"2","other_permissions":1}""");
        Assert.Contains("\"type\":\"separate_rooms\"", answer.Expect(201).Body, StringComparison.Ordinal);
        Assert.Contains("\"group_permissions\":\"publish\",\"other_permissions\":\"subscribe\"", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Put_resets_permissions_and_keeps_the_rest()
    {
        await server.PostAsync("channels/", """{"name":"put","description":"d","type":"separate_rooms","group":1,"group_permissions":"publish","other_permissions":"publish","custom_publish":true}""");
        server.Time.Advance(TimeSpan.FromSeconds(1));
        var answer = await server.SendAsync("PUT", "channels/put/", json: """{"name":"other","type":"default","id":3}""");
        Assert.StartsWith("""{"name":"put","description":"d","type":"separate_rooms","group":1,"group_permissions":"none","other_permissions":"none",""", answer.Expect(200).Body, StringComparison.Ordinal);
        Assert.True(answer.Json.GetProperty("custom_publish").GetBoolean());
        Assert.True(answer.Json.GetProperty("updated_at").GetDateTime() > answer.Json.GetProperty("created_at").GetDateTime());
        (await server.GetAsync("channels/put/")).Expect(200, answer.Body);
    }

    [Fact]
    public async Task Patch_changes_only_what_is_sent()
    {
        await server.PostAsync("channels/", """{"name":"patch","description":"d","group":1,"group_permissions":"publish","other_permissions":"publish"}""");
        var answer = await server.SendAsync("PATCH", "channels/patch/", json: """{"description":"","group":null,"custom_publish":"true"}""");
        Assert.StartsWith("""{"name":"patch","description":"","type":"default","group":null,"group_permissions":"publish","other_permissions":"publish",""", answer.Expect(200).Body, StringComparison.Ordinal);
        Assert.True(answer.Json.GetProperty("custom_publish").GetBoolean());
    }

    [Theory]
    [InlineData("""{"other_permissions":"x"}""", """{"other_permissions":["\"x\" is not a valid choice."]}""")]
    [InlineData("""{"group":7}""", """{"group":["Invalid pk \"7\" - object does not exist."]}""")]
    [InlineData("[]", """{"non_field_errors":["Invalid data. Expected a dictionary, but got list."]}""")]
    public async Task A_wrong_change_is_refused(string body, string error)
    {
        await server.Channels.Catalog.CreateAsync(new() { Name = "unchanged" });
        (await server.SendAsync("PATCH", "channels/unchanged/", json: body)).Expect(400, error);
        (await server.SendAsync("PUT", "channels/unchanged/", json: body)).Expect(400, error);
    }

    [Fact]
    public async Task A_deleted_channel_is_gone_and_its_name_starts_empty()
    {
        await server.CreateAsync("gone");
        var message = await server.PublishAsync("gone", "{}");
        (await server.SendAsync("DELETE", "channels/gone/")).Expect(204, "");
        (await server.GetAsync("channels/gone/")).Expect(404, """{"detail":"Not found."}""");
        (await server.SendAsync("DELETE", "channels/gone/")).Expect(404, """{"detail":"Not found."}""");
        (await server.GetAsync("channels/gone/history/")).Expect(404, """{"detail":"Channel was not found."}""");
        await server.CreateAsync("gone");
        (await server.GetAsync("channels/gone/history/")).Expect(200, """{"next":null,"prev":null,"objects":[]}""");
        (await server.GetAsync($"channels/gone/history/{message.Id}/")).Expect(404, """{"detail":"Not found."}""");
    }

    [Fact]
    public async Task Forms_create_and_change_channels()
    {
        var create = TestServer.Body("name=form1&type=1&custom_publish=true&group=&description=a+b%20c", "application/x-www-form-urlencoded");
        var created = await server.SendAsync("POST", "channels/", content: create);
        Assert.StartsWith("""{"name":"form1","description":"a b c","type":"separate_rooms","group":null,""", created.Expect(201).Body, StringComparison.Ordinal);

        using var parts = new MultipartFormDataContent { { new StringContent("subscribe"), "other_permissions" }, { new StringContent("x"), "file", "file.bin" } };
        var changed = await server.SendAsync("PATCH", "channels/form1/", content: parts);
        Assert.Equal("subscribe", changed.Expect(200).Json.GetProperty("other_permissions").GetString());
    }

    [Fact]
    public async Task Fields_can_be_chosen()
    {
        await server.CreateAsync("fields");
        (await server.GetAsync("channels/fields/?fields=name,type")).Expect(200, """{"name":"fields","type":"default"}""");
        (await server.GetAsync("channels/fields/?fields=name,%20type,nothing&excluded_fields=type")).Expect(200, """{"name":"fields"}""");
        (await server.GetAsync("channels/?name__startswith=fields&fields=name")).Expect(200, """{"next":null,"prev":null,"objects":[{"name":"fields"}]}""");
        (await server.GetAsync("channels/fields/?fields=")).Expect(200);
        var excluded = await server.GetAsync("channels/fields/?excluded_fields=links,created_at,updated_at");
        excluded.Expect(200, """{"name":"fields","description":"","type":"default","group":null,"group_permissions":"none","other_permissions":"none","custom_publish":true}""");
    }
}
