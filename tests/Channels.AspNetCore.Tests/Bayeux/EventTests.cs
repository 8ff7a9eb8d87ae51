using Channels.AspNetCore.Bayeux;
using Channels.AspNetCore.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Channels.AspNetCore.Tests.Bayeux;

/// <summary>The events that are published automatically or by typed calls. Source: docs/protocols/bayeux.md#events</summary>
public sealed class EventTests
{
    private static readonly EpicenterProject Project = new("acme", "game");
    private static readonly EpicenterPlace World = new(Project, "team", "one");
    private static readonly EpicenterUser Alice = new("1", "alice", "Liddell", "acme", "captain");

    [Fact]
    public async Task Typed_calls_publish_the_shapes_that_clients_read()
    {
        await using var server = await BayeuxServer.StartAsync();
        var client = await server.ConnectAsync();
        await client.SubscribeAsync("/world/acme/game/team/one");
        await client.SubscribeAsync("/data/acme/game/books");
        var events = server.Services.GetRequiredService<IEpicenterEvents>();
        var run = "{\"id\":\"r\"}"u8.ToArray();

        await events.UsersAssignedAsync(World, [Alice, new("2")], Alice);
        await events.UsersUnassignedAsync(World, [Alice]);
        await events.AssignmentsChangedAsync(World, [Alice], Alice);
        await events.RunCreatedAsync(World, run);
        await events.RunUpdatedAsync(World, run);
        await events.VariablesUpdatedAsync(World, run, "{\"price\":50}"u8.ToArray(), new("1"));
        await events.OperationCalledAsync(World, run, "step", "[1]"u8.ToArray(), new("1"));
        await events.RunDeletedAsync(World, run);
        await events.DataCreatedAsync(Project, "books", "/7", "{\"id\":\"7\",\"item\":\"x\"}"u8.ToArray());
        await events.DataUpdatedAsync(Project, "books", "/7/item", "\"y\""u8.ToArray());
        await events.DataDeletedAsync(Project, "books", "/7");

        var date = server.Time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'+0000'", System.Globalization.CultureInfo.InvariantCulture);
        const string User = """{"id":"1","userName":"alice","lastName":"Liddell","account":"acme","role":"captain"}""";
        Assert.Equal(
            [
                $$$"""{"type":"world","subType":"assign","data":{"users":[{{{User}}},{"id":"2"}]},"user":{{{User}}},"date":"{{{date}}}"}""",
                $$$"""{"type":"world","subType":"unassign","data":{"users":[{{{User}}}]},"date":"{{{date}}}"}""",
                $$$"""{"type":"world","subType":"assignchange","data":{"users":[{{{User}}}]},"user":{{{User}}},"date":"{{{date}}}"}""",
                $$$"""{"type":"run","subType":"new","data":{"run":{"id":"r"}},"date":"{{{date}}}"}""",
                $$$"""{"type":"run","subType":"update","data":{"run":{"id":"r"}},"date":"{{{date}}}"}""",
                $$$"""{"type":"run","subType":"variables","data":{"variables":{"price":50},"run":{"id":"r"}},"user":{"id":"1"},"date":"{{{date}}}"}""",
                $$$"""{"type":"run","subType":"operation","data":{"operation":{"name":"step","result":[1]},"run":{"id":"r"}},"user":{"id":"1"},"date":"{{{date}}}"}""",
                $$$"""{"type":"run","subType":"delete","data":{"run":{"id":"r"}},"date":"{{{date}}}"}""",
                $$$"""{"type":"data","subType":"new","data":{"path":"/7","data":{"id":"7","item":"x"}},"date":"{{{date}}}"}""",
                $$$"""{"type":"data","subType":"update","data":{"path":"/7/item","data":"y"},"date":"{{{date}}}"}""",
                $$$"""{"type":"data","subType":"delete","data":{"path":"/7"},"date":"{{{date}}}"}""",
            ],
            await client.ReceiveAsync(11));
        Assert.Throws<ArgumentException>(() => { _ = events.RunCreatedAsync(World with { World = null }, run).AsTask(); });
    }

    [Theory]
    [InlineData(MessageAction.Create, """{"id":6,"title":"first","revision":1}""", """{"path":"/6","data":{"id":6,"title":"first","revision":1}}""", "new")]
    [InlineData(MessageAction.Update, """{"id":6,"title":"second","revision":2,"updated_at":"x"}""", """{"path":"/6/title","data":"second"}""", "update")]
    [InlineData(MessageAction.Update, """{"id":6,"title":"a","reads":1e2,"revision":3}""", """{"path":"/6","data":{"title":"a","reads":1e2}}""", "update")]
    [InlineData(MessageAction.Update, """{"id":"k","updated_at":"x"}""", """{"path":"/k","data":{}}""", "update")]
    [InlineData(MessageAction.Delete, """{"id":6}""", """{"path":"/6"}""", "delete")]
    public async Task Changes_of_data_objects_are_told_as_data_events(MessageAction action, string payload, string data, string subType)
    {
        await using var server = await BayeuxServer.StartAsync();
        var client = await server.ConnectAsync();
        await client.SubscribeAsync("/data/acme/game/books");

        await server.Channels.PublishAsync("data/acme/game/books", new MessageDraft(payload) { Action = action, ObjectClass = "books" });

        var received = Assert.Single(await client.ReceiveAsync(1));
        Assert.StartsWith($$"""{"type":"data","subType":"{{subType}}","data":{{data}},"date":"20""", received, StringComparison.Ordinal);
        Assert.EndsWith("+0000\"}", received, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("data/acme/game/books", null)]
    [InlineData("data/acme/game", "books")]
    public async Task Objects_that_are_created_changed_and_deleted_over_REST_are_told_to_clients_of_every_transport(string channel, string? room)
    {
        const string Path = "/data/acme/game/books";
        await using var server = await BayeuxServer.StartAsync();
        await server.CreateAsync(channel, ChannelPermission.Subscribe, room is null ? ChannelType.Default : ChannelType.SeparateRooms);
        Assert.Equal(CatalogStatus.Done, (await server.Channels.Objects.Classes.CreateAsync(new()
        {
            Name = "books",
            Fields = [new("title", ObjectFieldType.String), new("reads", ObjectFieldType.Integer)],
        })).Status);
        var client = await server.ConnectAsync();
        await client.SubscribeAsync(Path);
        using var socket = await server.OpenSocketAsync();
        await socket.ConnectNowAsync();
        await socket.SubscribeAsync(Path);
        await socket.HoldAsync("held");

        var place = $"\"channel\":\"{channel}\"{(room is null ? "" : $",\"channel_room\":\"{room}\"")}";
        var created = (await server.PostAsync(ObjectServer.Books, $$"""{"title":"first","reads":1,{{place}}}""")).Expect(201);
        var one = $"{ObjectServer.Books}{created.Id}/";
        (await server.SendAsync("PATCH", one, json: """{"title":"second"}""")).Expect(200);
        (await server.SendAsync("PATCH", one, json: """{"title":"third","reads":3}""")).Expect(200);
        (await server.SendAsync("DELETE", one, Keys.Admin)).Expect(204);

        var received = await client.ReceiveAsync(4);
        var (id, date) = (created.Id, server.Time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'+0000'", System.Globalization.CultureInfo.InvariantCulture));
        var whole = System.Text.Json.JsonDocument.Parse(received[0]).RootElement.GetProperty("data").GetProperty("data");
        Assert.Equal((id, "first", 1), (whole.GetProperty("id").GetInt64(), whole.GetProperty("title").GetString(), whole.GetProperty("reads").GetInt32()));
        Assert.Equal(
            [
                $$$"""{"type":"data","subType":"new","data":{"path":"/{{{id}}}","data":{{{whole.GetRawText()}}}},"date":"{{{date}}}"}""",
                $$$"""{"type":"data","subType":"update","data":{"path":"/{{{id}}}/title","data":"second"},"date":"{{{date}}}"}""",
                $$$"""{"type":"data","subType":"update","data":{"path":"/{{{id}}}","data":{"title":"third","reads":3}},"date":"{{{date}}}"}""",
                $$$"""{"type":"data","subType":"delete","data":{"path":"/{{{id}}}"},"date":"{{{date}}}"}""",
            ],
            received);
        foreach (var data in received)
        {
            var told = await socket.ReadAsync();
            Assert.Equal((Path, data), (told.GetProperty("channel").GetString(), told.GetProperty("data").GetRawText()));
        }
    }

    [Fact]
    public async Task Rooms_and_history_are_shared_with_the_native_front_end()
    {
        await using var server = await BayeuxServer.StartAsync();
        await server.CreateAsync("rooms", ChannelPermission.Publish, ChannelType.SeparateRooms);
        await server.CreateAsync("plain", ChannelPermission.Publish);
        var client = await server.ConnectAsync();
        await client.SubscribeAsync("/rooms/red");
        await client.SubscribeAsync("/plain");
        using var stream = await server.ConnectAsync($"stream/?channel=rooms:red&channel=plain&api_key={Keys.Admin}");
        Assert.Equal("ready", (await stream.ReadJsonAsync()).GetProperty("event").GetString());

        (await server.PostAsync("channels/rooms/publish/", """{"payload":{"from":"syncano"},"room":"red"}""")).Expect(201);
        (await server.PostAsync("channels/rooms/publish/", """{"payload":{"from":"syncano"},"room":"blue"}""")).Expect(201);
        Replies.Succeeded(await client.PublishAsync("/rooms/red", """{"from":"bayeux"}"""));
        Replies.Succeeded(await client.PublishAsync("/plain", "2"));
        Replies.Failed(await client.PublishAsync("/rooms", "3"), "404::room_required");

        Assert.Equal(["""{"from":"syncano"}""", """{"from":"bayeux"}""", "2"], await client.ReceiveAsync(3));
        var native = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            native.Add((await stream.ReadJsonAsync()).GetProperty("payload").GetRawText());
        }

        Assert.Equal(["""{"from":"syncano"}""", """{"from":"bayeux"}""", "2"], native);
        var history = (await server.GetAsync("channels/plain/history/")).Expect(200).Json.GetProperty("objects");
        Assert.Equal("2", Assert.Single(history.EnumerateArray()).GetProperty("payload").GetRawText());
    }
}
