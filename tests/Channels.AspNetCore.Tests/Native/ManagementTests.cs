using System.Text;
using Channels.AspNetCore.Tests.Support;
using Channels.Testing;

namespace Channels.AspNetCore.Tests.Native;

public sealed class ManagementTests(ManagementTests.Server server) : IClassFixture<ManagementTests.Server>
{
    [Fact]
    public async Task Connections_are_listed_byte_for_byte_without_secrets()
    {
        await server.CreateAsync("listed", ChannelPermission.Subscribe);
        using var socket = await server.ConnectAsync($"stream/?channel=listed&api_key={Keys.Api}&user_key={Keys.Alice}");
        var id = await IdAsync("listed");

        var answer = await server.GetAsync("connections/?channel=listed");

        answer.Expect(200, $$$"""{"next":null,"prev":null,"objects":[{"id":"{{{id}}}","protocol":"stream-websocket","caller":{"kind":"user","api_key":"1","user":"1"},"since":"{{{server.Now}}}","subscriptions":[{"channel":"listed","room":null}],"patterns":[],"presences":[],"queue":{"messages":0,"bytes":0}}]}""");
        Assert.Equal(1, Count(await server.GetAsync("connections/?user=1&channel=listed&protocol=stream-websocket")));
        Assert.Equal(0, Count(await server.GetAsync("connections/?user=2&channel=listed")));
        Assert.Equal(0, Count(await server.SendAsync("GET", $"/v1.1/instances/{Keys.OtherInstance}/connections/?channel=listed")));
        Assert.DoesNotContain(Keys.Alice, (await server.GetAsync("connections/")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connections_are_paged_by_links()
    {
        await server.CreateAsync("paged", ChannelPermission.Subscribe);
        var sockets = new List<IDisposable>();
        for (var i = 0; i < 5; i++)
        {
            sockets.Add(await server.ConnectAsync($"stream/?channel=paged&api_key={Keys.Admin}"));
        }

        var seen = new List<string>();
        string? path = "connections/?channel=paged&page_size=2";
        while (path is not null)
        {
            var page = (await server.GetAsync(path)).Expect(200).Json;
            seen.AddRange(page.GetProperty("objects").EnumerateArray().Select(entry => entry.GetProperty("id").GetString()!));
            path = page.GetProperty("next").GetString();
        }

        Assert.Equal(5, seen.Distinct().Count());
        (await server.GetAsync("connections/?page_size=x")).Expect(400, """{"detail":"Incorrect page parameter provided."}""");
        sockets.ForEach(socket => socket.Dispose());
    }

    [Fact]
    public async Task P7_a_disconnected_client_is_gone_and_only_full_administrators_may()
    {
        await server.CreateAsync("cut", ChannelPermission.Subscribe);
        using var socket = await server.ConnectAsync($"stream/?channel=cut&api_key={Keys.Api}&user_key={Keys.Alice}");
        var id = await IdAsync("cut");

        (await server.SendAsync("DELETE", $"connections/{id}/", Keys.Reader)).Expect(403);
        (await server.SendAsync("DELETE", $"connections/{id}/", Keys.Trusted)).Expect(403);
        (await server.SendAsync("DELETE", $"connections/{id}/", Keys.Api, Keys.Alice)).Expect(403);
        (await server.SendAsync("DELETE", $"/v1.1/instances/{Keys.OtherInstance}/connections/{id}/")).Expect(404);
        Assert.NotNull(server.Connections.Find(id));
        (await server.SendAsync("DELETE", $"connections/{id}/")).Expect(204);
        (await server.SendAsync("DELETE", $"connections/{id}/")).Expect(404, """{"detail":"Not found."}""");
        (await server.SendAsync("DELETE", "connections/nonsense/")).Expect(404);
        Assert.Null(server.Connections.Find(id));
    }

    [Fact]
    public async Task Members_are_listed_for_callers_who_may_subscribe()
    {
        await server.CreateAsync("there", ChannelPermission.Subscribe);
        await server.CreateAsync("secret");
        var bob = await JoinAsync("there", "bob", """{"name":"Bob"}""");
        await JoinAsync("there", "ann", null);
        await JoinAsync("secret", "ann", null);

        (await server.GetAsync("channels/there/presence/", Keys.Api, Keys.Alice)).Expect(
            200, """{"next":null,"prev":null,"count":2,"version":2,"objects":[{"id":"ann","info":null},{"id":"bob","info":{"name":"Bob"}}]}""");
        var page = (await server.GetAsync("channels/there/presence/?page_size=1", Keys.Api, Keys.Alice)).Expect(200).Json;
        var next = (await server.GetAsync(page.GetProperty("next").GetString()!, Keys.Api, Keys.Alice)).Expect(200).Json;
        Assert.Equal("bob", next.GetProperty("objects")[0].GetProperty("id").GetString());
        Assert.Null(next.GetProperty("next").GetString());
        (await server.GetAsync("channels/secret/presence/", Keys.Api, Keys.Alice)).Expect(403);
        (await server.GetAsync("channels/secret/presence/")).Expect(200);
        (await server.GetAsync("channels/nothing/presence/")).Expect(404);
        (await server.GetAsync("channels/there/presence/", null)).Expect(403);
        (await server.SendAsync("POST", "channels/there/presence/")).Expect(405);
        await bob.DisposeAsync();
        Assert.Equal(1, Count(await server.GetAsync("channels/there/presence/")));
    }

    [Fact]
    public async Task Occupied_addresses_are_listed_by_prefix_for_administrators()
    {
        await server.CreateAsync("game-1", ChannelPermission.Subscribe);
        await server.CreateAsync("game-rooms", ChannelPermission.Subscribe, ChannelType.SeparateRooms);
        await JoinAsync("game-1", "ann", null);
        await JoinAsync("game-rooms", "ann", null, "a");
        await JoinAsync("game-rooms", "ann", null, "b");
        using var socket = await server.ConnectAsync($"stream/?channel=game-1&api_key={Keys.Admin}");

        (await server.GetAsync("occupancy/?prefix=game-&page_size=2")).Expect(
            200,
            $$"""{"next":"{{TestServer.Root}}/occupancy/?page_size=2&prefix=game-&after=game-rooms&after_room=a","prev":null,"objects":[{"channel":"game-1","room":null,"subscriptions":1,"members":1},{"channel":"game-rooms","room":"a","subscriptions":0,"members":1}]}""");
        (await server.GetAsync("occupancy/?page_size=2&prefix=game-&after=game-rooms&after_room=a")).Expect(
            200, """{"next":null,"prev":null,"objects":[{"channel":"game-rooms","room":"b","subscriptions":0,"members":1}]}""");
        (await server.GetAsync("occupancy/", Keys.Reader)).Expect(200);
        (await server.GetAsync("occupancy/", Keys.Trusted)).Expect(403);
        (await server.GetAsync("occupancy/", Keys.Api, Keys.Alice)).Expect(403);
        (await server.GetAsync("connections/", Keys.Trusted)).Expect(403);
        (await server.GetAsync("connections/", null)).Expect(403);
    }

    private static int Count(Answer answer) => answer.Expect(200).Json.GetProperty("objects").GetArrayLength();

    private async Task<string> IdAsync(string channel)
    {
        await ChannelsTestHost.EventuallyAsync(() => server.Connections.CountOf(new() { Address = new(channel, null, Keys.Instance) }) > 0);
        return server.Connections.List(new() { Address = new(channel, null, Keys.Instance) }).Connections[0].Id;
    }

    private async Task<IChannelConnection> JoinAsync(string channel, string member, string? info, string? room = null)
    {
        var connection = server.Connections.TryOpen(new() { Protocol = "test", Caller = ChannelCaller.Host, Instance = Keys.Instance })!;
        var joined = await connection.JoinAsync(
            new(channel, room, Keys.Instance),
            new(member) { Info = info is null ? default : Encoding.UTF8.GetBytes(info) }).AsTask().Within();
        Assert.Equal(AccessStatus.Allowed, joined.Access);
        return connection;
    }

    public sealed class Server : TestServer;
}
