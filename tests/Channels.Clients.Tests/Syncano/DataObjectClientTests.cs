using Channels.Clients.Tests.Processes;

namespace Channels.Clients.Tests.Syncano;

/// <summary>The models <c>Class</c> and <c>DataObject</c> of the JavaScript client <c>syncano</c> 1.0.30, unmodified.</summary>
public sealed class DataObjectClientTests(NodeModules node, SharedPlayground playground)
{
    [Fact]
    public async Task Manages_classes_and_objects_and_hears_of_them()
    {
        var report = await node.RunAsync("syncano-objects.mjs", Keys.For(playground.Host, "client"));

        Assert.Equal("client_books", report.Text("created.value.name"));
        Assert.Equal("""[{"name":"title","type":"string"},{"name":"reads","type":"integer"},{"name":"tags","type":"array"}]""", report.At("created.value.schema").GetRawText());
        Assert.Equal("\"name\" This field must be unique.", report.Text("again.error.message"));
        Assert.Equal("first 🚀", report.Text("first.value.title"));
        Assert.Equal(1, report.At("first.value.owner").GetInt32());
        Assert.Equal("client-realtime", report.Text("got.value.channel"));
        Assert.Equal(("second", 2), (report.Text("saved.value.title"), report.At("saved.value.revision").GetInt32()));
        Assert.Equal(5, report.At("updated.value.reads").GetInt32());
        Assert.Equal(8, report.At("incremented.value.reads").GetInt32());
        Assert.Equal("\"expected_revision\" Revision mismatch. Expected 1, got 4.", report.Text("mismatch.error.message"));
        Assert.Equal("""{"title":["Not a valid string."],"reads":["A valid integer is required."]}""", report.At("invalid.error.errors").GetRawText());
        Assert.Equal("\"channel\" Object with name=nope does not exist.", report.Text("unknownChannel.error.message"));
        Assert.Equal(404, report.At("hidden.error.status").GetInt32());
        var id = report.At("first.value.id").GetInt64();
        Assert.Equal([id, report.At("mine").GetInt64()], report.At("listed").EnumerateArray().Select(found => found.GetInt64()));
        Assert.Equal([id], report.At("listedByBob").EnumerateArray().Select(found => found.GetInt64()));
        Assert.Equal(403, report.At("notDeleted.error.status").GetInt32());
        Assert.True(report.At("deleted").TryGetProperty("value", out _));
        Assert.Equal(404, report.At("gone.error.status").GetInt32());

        var messages = report.At("history.value.objects").EnumerateArray().ToList();
        Assert.Equal(["create", "update", "update", "update", "delete"], messages.Select(message => message.Text("action")));
        Assert.All(messages, message => Assert.Equal("""{"type":"object","class":"client_books"}""", message.At("metadata").GetRawText()));
        Assert.Equal(["id", "updated_at", "revision", "title"], messages[1].At("payload").EnumerateObject().Select(property => property.Name));
        Assert.Equal($$"""{"id":{{id}}}""", messages[4].At("payload").GetRawText());
        Assert.Equal("""{"api_key":1,"user":2}""", messages[1].At("author").GetRawText());

        Assert.Equal("changed", report.Text("classSaved.value.description"));
        Assert.Equal(3, report.At("classSaved.value.schema").GetArrayLength());
        Assert.Equal(403, report.At("classForbidden.error.status").GetInt32());
        Assert.True(report.At("classDeleted").TryGetProperty("value", out _));
        Assert.Equal("Class was not found.", report.Text("classGone.error.message"));
    }
}
