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

    [Fact]
    public async Task What_other_front_ends_publish_arrives_and_the_other_way_round()
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
