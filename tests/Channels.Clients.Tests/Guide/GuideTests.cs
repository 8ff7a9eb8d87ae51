using System.Text.Json;
using System.Text.RegularExpressions;
using Channels.Clients.Tests.Processes;

namespace Channels.Clients.Tests.Guide;

/// <summary>The <c>curl</c> calls of the published guide, in its order, with nothing but host, instance and keys replaced.</summary>
public sealed partial class GuideTests : IAsyncLifetime
{
    private const string Account = $"X-API-KEY: {Keys.Account}";
    private const string Api = $"X-API-KEY: {Keys.Api}";
    private const string User = $"X-USER-KEY: {Keys.Bob}";
    private const string Json = "Content-type: application/json";

    private Playground? _playground;

    private string Channels => $"{_playground!.Http.BaseAddress}channels/";

    public async ValueTask InitializeAsync() => _playground = await Playground.StartInMemoryAsync("--Channels:PollWindow=00:00:01");

    public ValueTask DisposeAsync() => _playground!.DisposeAsync();

    [Fact]
    public async Task Creating_a_channel()
    {
        var (status, channel) = await Curl.RunAsync(
            "-X", "POST",
            "-H", Account,
            "-H", Json,
            "-d", """
                {"name":"realtime",
                     "type":"default",
                     "other_permissions": "subscribe",
                     "custom_publish": "false"}
                """,
            Channels);

        Assert.Equal(201, status);
        Assert.Equal("realtime", channel.Text("name"));
        Assert.Equal("default", channel.Text("type"));
        Assert.Equal("", channel.Text("description"));
        Assert.Equal(JsonValueKind.Null, channel.At("group").ValueKind);
        Assert.Equal("none", channel.Text("group_permissions"));
        Assert.Equal("subscribe", channel.Text("other_permissions"));
        Assert.Equal(JsonValueKind.False, channel.At("custom_publish").ValueKind);
        Assert.Matches(Timestamp(), channel.Text("created_at"));
        Assert.Matches(Timestamp(), channel.Text("updated_at"));
        Assert.Equal($"/v1.1/instances/{Playground.Instance}/channels/realtime/poll/", channel.Text("links.poll"));

        // A user may subscribe, but not publish: there is nothing to read, and the window closes.
        Assert.Equal(204, (await Curl.RunAsync("-X", "GET", "-H", Api, "-H", User, $"{Channels}realtime/poll/")).Status);
        Assert.Equal(403, (await Curl.RunAsync("-X", "POST", "-H", Api, "-H", User, "-H", Json, "-d", """{"payload":{"content":"hello!"}}""", $"{Channels}realtime/publish/")).Status);
    }

    [Fact]
    public async Task Publishing_custom_messages()
    {
        await CreateAsync("""
            {"name":"can_publish",
                 "type":"default",
                 "other_permissions": "publish",
                 "custom_publish": "true"}
            """);

        var (status, published) = await Curl.RunAsync(
            "-X", "POST",
            "-H", Api,
            "-H", User,
            "-H", Json,
            "-d", """{"payload":{"content":"hello!"}}""",
            $"{Channels}can_publish/publish/");

        Assert.Equal(201, status);
        AssertIsHello(published);
        var id = published.At("id").GetInt64();

        // Everything after a position, and nothing more.
        var (polled, message) = await PollAsync("can_publish", $"last_id={id - 1}");
        Assert.Equal(200, polled);
        AssertIsHello(message);
        Assert.Equal(id, message.At("id").GetInt64());
        Assert.Equal(204, (await PollAsync("can_publish", $"last_id={id}")).Status);

        var (listed, history) = await Curl.RunAsync("-X", "GET", "-H", Api, "-H", User, $"{Channels}can_publish/history/");
        Assert.Equal(200, listed);
        Assert.Equal(["next", "prev", "objects"], history.EnumerateObject().Select(property => property.Name));
        AssertIsHello(history.At("objects.0"));
        Assert.Equal(JsonValueKind.Null, history.At("objects.0.room").ValueKind);
        Assert.Equal($"/v1.1/instances/{Playground.Instance}/channels/can_publish/history/{id}/", history.Text("objects.0.links.self"));
    }

    [Fact]
    public async Task Waiting_for_a_message()
    {
        await CreateAsync("""{"name":"can_publish","type":"default","other_permissions": "publish","custom_publish": "true"}""");

        // The guide's poll has no position, so whether it is waiting already cannot be known: publish until it is answered.
        var poll = Curl.RunAsync("-X", "GET", "-H", Api, "-H", User, $"{Channels}can_publish/poll/");
        while (!poll.IsCompleted)
        {
            await Curl.RunAsync(
                "-X", "POST", "-H", Api, "-H", User, "-H", Json, "-d", """{"payload":{"content":"hello!"}}""", $"{Channels}can_publish/publish/");
        }

        var (status, message) = await poll;
        Assert.Equal(200, status);
        AssertIsHello(message);
        Assert.Equal(
            ["action", "author", "created_at", "id", "metadata", "payload"], message.EnumerateObject().Select(property => property.Name).Order());
    }

    [Fact]
    public async Task Rooms()
    {
        await CreateAsync("""
            {"name":"channel_with_rooms",
                 "type":"separate_rooms",
                 "other_permissions": "publish",
                 "custom_publish": "true"}
            """);
        var ids = new List<long>();
        foreach (var room in new[] { "room_name", "other_room" })
        {
            var (status, published) = await Curl.RunAsync(
                "-X", "POST",
                "-H", Api,
                "-H", User,
                "-H", Json,
                "-d", $$$"""{"payload":{"content":"hello!"}, "room":"{{{room}}}"}""",
                $"{Channels}channel_with_rooms/publish/");
            Assert.Equal(201, status);
            Assert.Equal(room, published.Text("room"));
            ids.Add(published.At("id").GetInt64());
        }

        var (polled, message) = await PollAsync("channel_with_rooms", "room=room_name", $"last_id={ids[0] - 1}");
        Assert.Equal(200, polled);
        AssertIsHello(message);
        Assert.Equal(ids[0], message.At("id").GetInt64());

        var (_, ofUser) = await Curl.RunAsync(
            "-X", "GET", "-G", "-H", Api, "-H", User, "-d", "room=room_name", $"{Channels}channel_with_rooms/history/");
        Assert.Equal([ids[0]], ofUser.At("objects").Ids());
        var (refused, error) = await Curl.RunAsync("-X", "GET", "-H", Api, "-H", User, $"{Channels}channel_with_rooms/history/");
        Assert.Equal(400, refused);
        Assert.Equal("This field is required for channels with separate rooms.", error.Text("room"));
        var (_, ofAdministrator) = await Curl.RunAsync("-X", "GET", "-H", Account, $"{Channels}channel_with_rooms/history/");
        Assert.Equal([ids[1], ids[0]], ofAdministrator.At("objects").Ids());
    }

    [Fact]
    public async Task Notifications_about_data_objects()
    {
        await CreateAsync("""{"name":"realtime","type":"default","other_permissions": "subscribe","custom_publish": "false"}""");
        await CreateAsync("""{"name":"channel_with_rooms","type":"separate_rooms","other_permissions": "publish","custom_publish": "true"}""");
        var objects = $"{_playground!.Http.BaseAddress}classes/books/objects/";

        var (status, created) = await Curl.RunAsync("-X", "POST", "-H", Account, "-H", Json, "-d", """{"channel":"realtime"}""", objects);
        Assert.Equal(201, status);
        var id = created.At("id").GetInt64();
        var (inRoom, ofRoom) = await Curl.RunAsync(
            "-X", "POST", "-H", Account, "-H", Json, "-d", """{"channel":"channel_with_rooms", "channel_room":"room_name"}""", objects);
        Assert.Equal(201, inRoom);
        Assert.Equal("room_name", ofRoom.Text("channel_room"));

        var (polled, message) = await PollAsync("realtime", "last_id=0");
        Assert.Equal(200, polled);
        Assert.Equal("create", message.Text("action"));
        Assert.Equal("""{"type":"object","class":"books"}""", message.At("metadata").GetRawText());
        Assert.Equal("""{"admin":1}""", message.At("author").GetRawText());
        Assert.Equal(id, message.At("payload.id").GetInt64());
        Assert.Equal(
            [
                "created_at", "group", "group_permissions", "id", "other_permissions", "owner", "owner_permissions", "reads", "revision", "title", "updated_at",
            ],
            message.At("payload").EnumerateObject().Select(property => property.Name).Order());

        Assert.Equal(200, (await Curl.RunAsync("-X", "PATCH", "-H", Account, "-H", Json, "-d", """{"title":"second"}""", $"{objects}{id}/")).Status);
        var (_, update) = await PollAsync("realtime", $"last_id={message.At("id").GetInt64()}");
        Assert.Equal("update", update.Text("action"));
        Assert.Equal(["id", "revision", "title", "updated_at"], update.At("payload").EnumerateObject().Select(property => property.Name).Order());
        await Curl.RunAsync("-X", "DELETE", "-H", Account, $"{objects}{id}/");
        var (_, delete) = await PollAsync("realtime", $"last_id={update.At("id").GetInt64()}");
        Assert.Equal(("delete", $$"""{"id":{{id}}}"""), (delete.Text("action"), delete.At("payload").GetRawText()));
        var (_, room) = await PollAsync("channel_with_rooms", "room=room_name", "last_id=0");
        Assert.Equal(ofRoom.At("id").GetInt64(), room.At("payload.id").GetInt64());
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$")]
    private static partial Regex Timestamp();

    private static void AssertIsHello(JsonElement message)
    {
        Assert.Equal("""{"content":"hello!"}""", message.At("payload").GetRawText());
        Assert.Equal("custom", message.Text("action"));
        Assert.Equal("""{"api_key":1,"user":2}""", message.At("author").GetRawText());
        Assert.Equal("""{"type":"message"}""", message.At("metadata").GetRawText());
        Assert.Matches(Timestamp(), message.Text("created_at"));
    }

    private async Task CreateAsync(string channel)
    {
        var (status, _) = await Curl.RunAsync("-X", "POST", "-H", Account, "-H", Json, "-d", channel, Channels);
        Assert.Equal(201, status);
    }

    private Task<(int Status, JsonElement Body)> PollAsync(string channel, params string[] query) =>
        Curl.RunAsync(["-X", "GET", "-G", "-H", Api, "-H", User, .. query.SelectMany(part => new[] { "-d", part }), $"{Channels}{channel}/poll/"]);
}
