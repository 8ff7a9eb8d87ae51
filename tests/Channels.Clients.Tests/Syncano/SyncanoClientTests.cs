using Channels.Clients.Tests.Processes;

namespace Channels.Clients.Tests.Syncano;

/// <summary>The JavaScript client <c>syncano</c> 1.0.30, unmodified.</summary>
public sealed class SyncanoClientTests(NodeModules node, SharedPlayground playground)
{
    private const string Forbidden = "You do not have permission to perform this action.";

    [Fact]
    public async Task Manages_channels()
    {
        var report = await node.RunAsync("syncano-channels.mjs", Keys.For(playground.Host, "client-managed"));

        Assert.Equal("client-managed", report.Text("created.value.name"));
        Assert.Equal("subscribe", report.Text("created.value.other_permissions"));
        Assert.True(report.At("created.value.custom_publish").GetBoolean());
        Assert.Equal(400, report.At("again.error.status").GetInt32());
        Assert.Equal("\"name\" This field must be unique.", report.Text("again.error.message"));
        Assert.Equal("first", report.Text("got.value.description"));
        Assert.Contains("client-managed", report.At("listed").EnumerateArray().Select(name => name.GetString()));
        Assert.Equal("second", report.Text("updated.value.description"));
        Assert.Equal("publish", report.Text("saved.value.other_permissions"));
        Assert.Equal("second", report.Text("saved.value.description"));
        Assert.True(report.At("saved.value.custom_publish").GetBoolean());
        Assert.True(report.At("deleted").TryGetProperty("value", out _));
        Assert.Equal(404, report.At("gone.error.status").GetInt32());
        Assert.Equal("Not found.", report.Text("gone.error.message"));
        Assert.Equal(403, report.At("forbidden.error.status").GetInt32());
        Assert.Equal(Forbidden, report.Text("forbidden.error.message"));
    }

    [Fact]
    public async Task Publishes_as_far_as_permissions_allow()
    {
        var report = await node.RunAsync("syncano-publish.mjs", Keys.For(playground.Host, "client-rights"));

        const string Locked = "Custom publish not allowed on this channel.";
        var expected = new Dictionary<string, string?>
        {
            ["open.admin"] = null,
            ["open.alice"] = null,
            ["open.bob"] = null,
            ["open.trusted"] = null,
            ["team.admin"] = null,
            ["team.alice"] = null,
            ["team.bob"] = Forbidden,
            ["team.trusted"] = null,
            ["locked.admin"] = Locked,
            ["locked.alice"] = Locked,
            ["locked.bob"] = Locked,
            ["locked.trusted"] = Locked,
            ["secret.admin"] = null,
            ["secret.alice"] = Forbidden,
            ["secret.bob"] = Forbidden,
            ["secret.trusted"] = null,
        };
        var results = report.At("results");
        Assert.Equal(expected, expected.Keys.ToDictionary(
            key => key, key => results.At(key).TryGetProperty("error", out var error) ? error.Text("message") : null));
        Assert.All(expected.Where(result => result.Value is not null), result => Assert.Equal(403, results.At($"{result.Key}.error.status").GetInt32()));
        Assert.Equal("""{"admin":1}""", results.At("open.admin.value.author").GetRawText());
        Assert.Equal("""{"api_key":1,"user":1}""", results.At("open.alice.value.author").GetRawText());
        Assert.Equal("""{"api_key":2}""", results.At("open.trusted.value.author").GetRawText());
        Assert.Equal("grüße 🚀", results.Text("open.bob.value.payload.text"));
        Assert.Equal(3, report.At("histories.team.value.objects").GetArrayLength());
        Assert.Equal(Forbidden, report.Text("histories.secret.error.message"));
        Assert.Equal("Not found.", report.Text("unknown.error.message"));
        Assert.Equal("No such API Key.", report.Text("wrongKey.error.message"));
    }

    [Fact]
    public async Task Poll_loop_delivers_everything_after_its_position()
    {
        var report = await node.RunAsync("syncano-poll.mjs", Keys.For(playground.Host, "playground"));

        string[] single = ["start", "request", "message", "custom", "stop"];
        Assert.Equal(single, Names("fromNow"));
        Assert.Equal("""{"last_id":null,"room":null}""", report.At("fromNow.1.query").GetRawText());
        string[] once = ["request", "message", "custom"];
        Assert.Equal(["start", .. once, .. once, .. once, .. once, "stop"], Names("fromPosition"));
        var events = report.At("fromPosition").EnumerateArray().ToList();
        var ids = report.At("ids").EnumerateArray().Select(id => id.GetInt64()).ToList();
        Assert.Equal(ids, events.Where(e => e.Text("event") == "message").Select(e => e.At("id").GetInt64()));
        Assert.Equal(
            ids.SkipLast(1).Prepend(report.At("lastId").GetInt64()),
            events.Where(e => e.Text("event") == "request").Select(e => e.At("query.last_id").GetInt64()));

        IEnumerable<string> Names(string loop) => report.At(loop).EnumerateArray().Select(e => e.Text("event"));
    }

    [Fact]
    public async Task Rooms_are_apart()
    {
        var report = await node.RunAsync("syncano-rooms.mjs", Keys.For(playground.Host, "client-rooms"));

        const string RoomRequired = "\"room\" This field is required for channels with separate rooms.";
        var ids = report.At("published").Ids().ToList();
        Assert.Equal(ids.Order(), ids);
        Assert.Equal("red", report.Text("published.0.room"));
        Assert.Equal(RoomRequired, report.Text("withoutRoom.error.message"));
        Assert.Equal([ids[0], ids[2]], report.At("received").Ids());
        Assert.Equal([ids[2], ids[0]], report.At("history.bobRed.value.objects").Ids());
        Assert.Equal(RoomRequired, report.Text("history.bobNoRoom.error.message"));
        Assert.Equal(400, report.At("history.bobNoRoom.error.status").GetInt32());
        Assert.Equal([ids[2], ids[1], ids[0]], report.At("history.adminAll.value.objects").Ids());
        Assert.Equal([ids[0], ids[1]], report.At("history.page.value.objects").Ids());
        Assert.Contains("last_pk=", report.Text("history.page.value.next"), StringComparison.Ordinal);
    }
}
