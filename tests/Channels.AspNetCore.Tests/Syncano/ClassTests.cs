using Channels.AspNetCore.Tests.Support;

namespace Channels.AspNetCore.Tests.Syncano;

/// <summary>Classes of data objects over REST.</summary>
public sealed class ClassTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task A_created_class_is_answered_byte_for_byte()
    {
        const string Schema = """[{"name":"title","type":"string"},{"name":"reads","type":"integer"},{"name":"writer","type":"reference","target":"people"}]""";
        var answer = await server.PostAsync("classes/", $$"""{"name":" Books ","schema":{{Schema}},"metadata":{"a" : 1.0},"className":"x"}""");

        answer.Expect(201, $$$"""{"name":"books","description":"","schema":{{{Schema}}},"status":"ready","created_at":"{{{server.Now}}}","updated_at":"{{{server.Now}}}","objects_count":0,"revision":1,"group":null,"group_permissions":"create_objects","other_permissions":"create_objects","metadata":{"a" : 1.0},"links":{"self":"/v1.1/instances/demo-instance/classes/books/","objects":"/v1.1/instances/demo-instance/classes/books/objects/"}}""");
        (await server.GetAsync("classes/BOOKS/")).Expect(200, answer.Body);
        (await server.PostAsync("classes/", """{"name":"books","schema":"[]"}""")).Expect(400, """{"name":["This field must be unique."]}""");
        var changed = (await server.SendAsync("PATCH", "classes/books/", Keys.Admin, null, """{"description":"d","name":"other","schema":"[{\"name\":\"title\",\"type\":\"text\"}]","group":1}""")).Expect(200);
        Assert.Contains("""{"name":"books","description":"d","schema":[{"name":"title","type":"text"}],""", changed.Body, StringComparison.Ordinal);
        Assert.Equal(2, changed.Json.GetProperty("revision").GetInt32());
        Assert.Contains("books", (await server.GetAsync("classes/")).Json.GetProperty("objects").EnumerateArray().Select(found => found.GetProperty("name").GetString()));
        (await server.SendAsync("DELETE", "classes/books/", Keys.Admin, null)).Expect(204, "");
        (await server.GetAsync("classes/books/")).Expect(404, """{"detail":"Not found."}""");
    }

    [Theory]
    [InlineData("{}", """{"name":["This field is required."],"schema":["This field is required."]}""")]
    [InlineData("""{"name":"","schema":[]}""", """{"name":["This field may not be blank."]}""")]
    [InlineData("""{"name":"a-b","schema":[]}""", """{"name":["Enter a valid value consisting of letters, numbers, underscores."]}""")]
    [InlineData("""{"name":"_a","schema":[]}""", """{"name":["Value has to start with a letter."]}""")]
    [InlineData("""{"name":"users","schema":[]}""", """{"name":["This value is reserved."]}""")]
    [InlineData("""{"name":"ok","schema":{}}""", """{"schema":["Schema should be a list of objects."]}""")]
    [InlineData("""{"name":"ok","schema":"nope"}""", """{"schema":["Schema should be a list of objects."]}""")]
    [InlineData("""{"name":"ok","schema":[5]}""", """{"schema":["Each field needs a name."]}""")]
    [InlineData("""{"name":"ok","schema":[{"name":"x","type":"strange"}]}""", """{"schema":["Field \"x\" has an unknown type."]}""")]
    [InlineData("""{"name":"ok","schema":[{"name":"x","type":"relation"}]}""", """{"schema":["Field \"x\" needs a target."]}""")]
    [InlineData("""{"name":"ok","schema":[{"name":"x","type":"text"},{"name":"x","type":"text"}]}""", """{"schema":["Field \"x\" comes twice."]}""")]
    [InlineData("""{"name":"ok","schema":[{"name":"revision","type":"text"}]}""", """{"schema":["Invalid schema: a name or target is not permitted."]}""")]
    [InlineData("""{"name":"ok","schema":[],"other_permissions":"full"}""", """{"other_permissions":["\"full\" is not a valid choice."]}""")]
    [InlineData("""{"name":"ok","schema":[],"group":99,"metadata":[]}""", """{"metadata":["Not a valid JSON string."],"group":["Invalid pk \"99\" - object does not exist."]}""")]
    public async Task A_bad_class_is_refused(string body, string expected)
    {
        (await server.PostAsync("classes/", body)).Expect(400, expected);
        (await server.GetAsync("classes/ok/")).Expect(404);
    }

    [Fact]
    public async Task Only_servers_change_classes_and_users_see_those_that_let_them()
    {
        (await server.PostAsync("classes/", """{"name":"seen","schema":[],"other_permissions":"read"}""", Keys.Trusted)).Expect(201);
        (await server.PostAsync("classes/", """{"name":"unseen","schema":[],"other_permissions":"none"}""")).Expect(201);

        (await server.PostAsync("classes/", "{", Keys.Api, Keys.Alice)).Expect(403);
        (await server.PostAsync("classes/", "{", Keys.Reader)).Expect(403);
        (await server.SendAsync("PATCH", "classes/seen/", Keys.Api, Keys.Alice, "{}")).Expect(403);
        (await server.SendAsync("DELETE", "classes/seen/", Keys.Api, Keys.Alice)).Expect(403);
        (await server.SendAsync("DELETE", "classes/nope/", Keys.Api, Keys.Alice)).Expect(404);
        (await server.GetAsync("classes/seen/", Keys.Api, Keys.Alice)).Expect(200);
        (await server.GetAsync("classes/unseen/", Keys.Api, Keys.Alice)).Expect(403);
        (await server.GetAsync("classes/unseen/", Keys.Reader)).Expect(200);
        (await server.GetAsync("classes/", Keys.Api)).Expect(403);
        var names = (await server.GetAsync("classes/", Keys.Api, Keys.Alice)).Json.GetProperty("objects").EnumerateArray().Select(found => found.GetProperty("name").GetString()).ToList();
        Assert.Contains("seen", names);
        Assert.DoesNotContain("unseen", names);
        (await server.PostAsync("classes/seen/objects/", "{}", Keys.Api, Keys.Alice)).Expect(403);
    }
}
