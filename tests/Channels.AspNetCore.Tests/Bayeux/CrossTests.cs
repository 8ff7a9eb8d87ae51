using Channels.AspNetCore.Tests.Pusher;
using Channels.AspNetCore.Tests.Support;

namespace Channels.AspNetCore.Tests.Bayeux;

/// <summary>One message through every front end, under the name that each has for the channel. Source: docs/protocols/bayeux.md#names</summary>
public sealed class CrossTests
{
    private const string Data = """{"n": 1.50,"text":"ü\u00fc","list":[1,2 ,null]}""";

    /// <summary>A channel as Bayeux, the native stream and all others spell it.</summary>
    public static TheoryData<string, string, string> Names { get; } = new()
    {
        { "/cross", "cross", "cross" },
        { "/lobby/blue", "lobby:blue", "lobby.blue" },
    };

    [Theory]
    [MemberData(nameof(Names))]
    public async Task What_is_published_here_arrives_through_every_other_front_end(string path, string native, string name)
    {
        await using var server = await StartAsync();
        using var pusher = await server.FollowByPusherAsync(name);
        using var socketIo = await server.FollowBySocketIoAsync(name);
        using var pushStream = await server.FollowByPushStreamAsync(name);
        using var stream = await server.FollowNativelyAsync(native);
        var client = await server.ConnectAsync();

        Replies.Succeeded(await client.PublishAsync(path, Data));
        (await server.SendAsync("POST", $"/v2/channel/publish{path}", key: null, json: """{"type":"chat"}""")).Expect(200);

        foreach (var data in new[] { Data, """{"type":"chat"}""" })
        {
            Assert.Equal(data, (await pusher.ReadAsync("message")).Text());
            Assert.Equal($"42[\"{name}\",{data}]", await socketIo.ReadAsync());
            Assert.Equal(data, (await pushStream.ReadJsonAsync()).GetProperty("message").GetRawText());
            Assert.Equal(data, (await stream.ReadJsonAsync()).GetProperty("payload").GetRawText());
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task What_every_other_front_end_publishes_arrives_here(string path, string native, string name)
    {
        await using var server = await StartAsync();
        var client = await server.ConnectAsync();
        await client.SubscribeAsync(path);
        using var socket = await server.OpenSocketAsync();
        await socket.ConnectNowAsync();
        await socket.SubscribeAsync(path);
        await socket.HoldAsync("held");

        await server.TriggerAsync(name, Data);
        await server.TriggerAsync(name, "no JSON");
        await server.PushAsync(name, "[1]");
        var (channel, room) = native.Split(':') is [var before, var behind] ? (before, $",\"room\":\"{behind}\"") : (native, "");
        (await server.PostAsync($"channels/{channel}/publish/", $$"""{"payload":{{Data}}{{room}}}""", Keys.Api, Keys.Alice)).Expect(201);

        string[] expected = [Data, "\"no JSON\"", "[1]", Data];
        Assert.Equal(expected, await client.ReceiveAsync(expected.Length));
        foreach (var data in expected)
        {
            var received = await socket.ReadAsync();
            Assert.Equal((path, data), (received.GetProperty("channel").GetString(), received.GetProperty("data").GetRawText()));
        }
    }

    private static async Task<EveryFrontEnd> StartAsync()
    {
        var server = await EveryFrontEnd.StartAsync();
        await server.CreateAsync("cross", ChannelPermission.Publish);
        await server.CreateAsync("lobby", ChannelPermission.Publish, ChannelType.SeparateRooms);
        return server;
    }
}
